/** Whether blocks pay: channels that fill no block are computed with zeros. */
import type { ModelProto } from '../onnxTypes.ts';
import { paddedTo } from './blockedWeights.ts';

/**
 * @param block channels in a block of the machine's kernels
 * @returns multiplications in whole blocks ÷ those of the network as it is, over the kernels of its 3D convolutions; 1 without any
 */
export function channelPadding({ graph }: ModelProto, block: number): number {
  const kernels = new Map(graph?.initializer.map(({ name, dims }) => [name, dims.map(Number)]));
  let own = 0;
  let inBlocks = 0;
  for (const { opType, input } of graph?.node ?? []) {
    const dims = kernels.get(input[1] ?? '');
    if (opType !== 'Conv' || dims?.length !== 5) continue;
    const [outputs = 0, inputs = 0, ...size] = dims;
    const points = size.reduce((a, b) => a * b, 1);
    own += outputs * inputs * points;
    // Fewer input channels than a block are read as they are.
    inBlocks += paddedTo(block, outputs) * (inputs === 1 ? 1 : paddedTo(block, inputs)) * points;
  }
  return own === 0 ? 1 : inBlocks / own;
}
