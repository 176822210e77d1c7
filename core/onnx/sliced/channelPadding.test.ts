import { describe, expect, it } from 'vitest';
import { convolutionNetwork } from '../../inference/onnx/convolutionNetwork.ts';
import { readModel } from '../readModel.ts';
import { channelPadding } from './channelPadding.ts';

describe('the padding of channels', () => {
  it('is nothing where channels fill blocks, and much where they are few', () => {
    expect(channelPadding(readModel(convolutionNetwork({ widths: [16, 32, 32], classes: 8 })), 8)).toBe(1);
    const thin = channelPadding(readModel(convolutionNetwork({ widths: [5, 5, 5, 5], classes: 3 })), 8);
    expect(thin).toBeGreaterThan(2.4);
    expect(thin).toBeLessThan(2.6);
  });
});
