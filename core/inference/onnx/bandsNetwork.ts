/**
 * An instance network that is known exactly, for tests: of each band of values it finds one thing in every slice, all pixels between the
 * band's ends, so that bands that overlap give instances that share pixels. Input [1, 1, j, i]; the four tensors of a detector, boxes
 * around the whole slice, scores 0.9 and a little less from band to band, all of class 1.
 */
import { ModelBuilder } from '../../onnx/buildModel.ts';
import { INT64 } from '../../onnx/onnxTypes.ts';
import { writeModel } from '../../onnx/readModel.ts';
import type { InstanceOutput } from '../modelManifest.ts';

/** As a manifest names them; things of one band are one through the slices however little they have in common. */
export const BANDS_INSTANCES: InstanceOutput = {
  tensors: { boxes: 'boxes', scores: 'scores', labels: 'labels', masks: 'masks' },
  leastScore: 0.5,
  linkOverlap: 0.01,
};

export function bandsNetwork(bands: readonly (readonly [lower: number, upper: number])[]): Uint8Array {
  const builder = new ModelBuilder();
  const count = bands.length;
  const toBand = (name: string, sign: number, ends: readonly number[]): string => {
    builder.floats(`${name}-w`, [count, 1, 1, 1], new Float32Array(count).fill(sign));
    builder.floats(
      `${name}-b`,
      [count],
      Float32Array.from(ends, (end) => -sign * end),
    );
    return builder.node('Conv', ['image', `${name}-w`, `${name}-b`], [name], { kernel_shape: { ints: [1, 1] } });
  };
  const lower = bands.map(([end]) => end);
  const upper = bands.map(([, end]) => end);
  builder.node('Min', [toBand('above', 1, lower), toBand('below', -1, upper)], ['inside']);
  builder.node('Sigmoid', ['inside'], ['probability']);
  builder.node('Transpose', ['probability'], ['masks'], { perm: { ints: [1, 0, 2, 3] } });
  const whole = bands.flatMap(() => [0, 0, 1e5, 1e5]);
  builder.floats('box', [count, 4], Float32Array.from(whole));
  builder.floats(
    'score',
    [count],
    Float32Array.from(bands, (_, n) => 0.9 - n / 100),
  );
  builder.ints('label', [count], new Array<number>(count).fill(1));
  for (const one of ['box', 'score', 'label']) builder.node('Identity', [one], [one === 'box' ? 'boxes' : `${one}s`]);
  return writeModel(
    builder.build(
      [{ name: 'image', dims: [1, 1, 'j', 'i'] }],
      [
        { name: 'boxes', dims: [count, 4] },
        { name: 'scores', dims: [count] },
        { name: 'labels', dims: [count], elementType: INT64 },
        { name: 'masks', dims: [count, 1, 'j', 'i'] },
      ],
      { producer: 'lantern', producerVersion: '', opset: 13, graphName: 'bands' },
    ),
  );
}
