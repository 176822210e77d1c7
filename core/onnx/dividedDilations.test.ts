import { expect, it } from 'vitest';
import { ModelBuilder } from './buildModel.ts';
import { dividedDilations } from './dividedDilations.ts';
import { intsOf } from './sliced/nodeAttributes.ts';

const ORIGIN = { producer: 'lantern', producerVersion: '', opset: 13, graphName: 'dilated' };

function network(...layers: { dilation: number; pad?: number; stride?: number; kernel?: number }[]) {
  const builder = new ModelBuilder();
  builder.floats('w', [1, 1, 3, 3, 3], new Float32Array(27));
  layers.forEach(({ dilation, pad = dilation, stride = 1, kernel = 3 }, n) => {
    const [one, two] = [Array(3).fill(dilation), Array(6).fill(pad)] as [number[], number[]];
    const attributes = {
      kernel_shape: { ints: [kernel, kernel, kernel] },
      dilations: { ints: one },
      pads: { ints: two },
      strides: { ints: Array(3).fill(stride) as number[] },
    };
    builder.node('Conv', [n === 0 ? 'image' : `c${n - 1}`, 'w'], [`c${n}`], attributes);
  });
  const ends = (name: string) => [{ name, dims: [1, 1, 'k', 'j', 'i'] }];
  return builder.build(ends('image'), ends(`c${layers.length - 1}`), ORIGIN);
}

it('lets dilated convolutions reach as far in millimetres, and leaves the others alone', () => {
  const before = network({ dilation: 1 }, { dilation: 4 }, { dilation: 16 });
  const after = dividedDilations(before, 3);
  const read = (name: string, model = after) => model?.graph?.node.map((node) => intsOf(node, name, [])[0]);
  expect(read('dilations')).toEqual([1, 1, 5]);
  expect(read('pads')).toEqual([1, 1, 5]);
  // The network itself is as it was.
  expect(read('dilations', before)).toEqual([1, 4, 16]);
});

it('leaves what is dilated along fewer axes than the image has', () => {
  const builder = new ModelBuilder();
  builder.floats('w', [1, 1, 3], new Float32Array(3));
  const dilated = { kernel_shape: { ints: [3] }, dilations: { ints: [4] }, pads: { ints: [4, 4] } };
  builder.node('Conv', ['alongJ', 'w'], ['c'], dilated);
  const model = builder.build(
    [{ name: 'image', dims: [1, 1, 'k', 'j', 'i'] }],
    [{ name: 'c', dims: [1, 1, 'j'] }],
    ORIGIN,
  );
  expect(dividedDilations(model, 3)).toBeNull();
});

it('is not to be had where nothing is dilated, or a layer changes the size', () => {
  expect(dividedDilations(network({ dilation: 1 }), 2)).toBeNull();
  expect(dividedDilations(network({ dilation: 2, pad: 1 }), 2)).toBeNull();
  expect(dividedDilations(network({ dilation: 2, stride: 2 }), 2)).toBeNull();
  expect(dividedDilations(network({ dilation: 2, pad: 1, kernel: 2 }), 2)).toBeNull();
});
