import { describe, expect, it } from 'vitest';
import { floatsOf } from '../onnx/tensorValues.ts';
import { evaluateTfjs } from './evaluateTfjs.ts';
import { readTfjsNetwork } from './tfjsNetwork.ts';
import { classCount, tfjsToOnnx } from './tfjsToOnnx.ts';
import { readTfjsWeights } from './tfjsWeights.ts';
import { conv, type TinyNetwork, tinyNetwork, weightsOf } from './tinyNetwork.ts';

function converted(tiny: TinyNetwork) {
  const network = readTfjsNetwork(tiny.json);
  return tfjsToOnnx(
    network,
    readTfjsWeights(network, () => tiny.bytes),
    '0',
  );
}

describe('a tfjs network as ONNX', () => {
  it('has its kernels’ axes reversed: [x, y, z, in, out] becomes [out, in, z, y, x]', () => {
    const tiny = tinyNetwork([conv('a', { filters: 2, dilation: 2 })], { 'a/kernel': [3, 3, 3, 1, 2], 'a/bias': [2] });
    const graph = converted(tiny).graph!;
    const [kernel, bias] = graph.initializer;
    expect(kernel?.dims).toEqual([2n, 1n, 3n, 3n, 3n]);
    const stored = weightsOf(tiny, 'a/kernel');
    // x = 2, y = 1, z = 0, second filter.
    expect(floatsOf(kernel!)[27 + (0 * 3 + 1) * 3 + 2]).toBe(stored[((2 * 3 + 1) * 3 + 0) * 2 + 1]);
    expect([...floatsOf(bias!)]).toEqual(weightsOf(tiny, 'a/bias'));
    const ints = (name: string) => graph.node[0]?.attribute.find((a) => a.name === name)?.ints.join();
    expect(ints('pads')).toBe('2,2,2,2,2,2');
    expect(ints('dilations')).toBe('2,2,2');
  });

  it('has batch normalisation inside of the convolution before it', () => {
    const norm = { class_name: 'BatchNormalization', config: { name: 'n', epsilon: 0.01 }, name: 'n' };
    const tiny = tinyNetwork([conv('a', { filters: 2, kernel: 1 }), norm], {
      'a/kernel': [1, 1, 1, 1, 2],
      'a/bias': [2],
      'n/gamma': [2],
      'n/beta': [2],
      'n/moving_mean': [2],
      'n/moving_variance': [2],
    });
    const graph = converted(tiny).graph!;
    expect(graph.node.map((n) => n.opType)).toEqual(['Conv', 'Identity']);
    const w = (name: string) => weightsOf(tiny, name)[1]!;
    const scale = w('n/gamma') / Math.sqrt(w('n/moving_variance') + 0.01);
    expect(floatsOf(graph.initializer[0]!)[1]).toBeCloseTo(w('a/kernel') * scale, 5);
    expect(floatsOf(graph.initializer[1]!)[1]).toBeCloseTo((w('a/bias') - w('n/moving_mean')) * scale + w('n/beta'), 5);
  });

  it('normalises channels where the layer’s name says so', () => {
    const tiny = tinyNetwork([conv('a_gn', { filters: 2, bias: false })], { 'a_gn/kernel': [3, 3, 3, 1, 2] });
    expect(converted(tiny).graph?.node.map((n) => n.opType)).toEqual(['Conv', 'InstanceNormalization', 'Identity']);
  });
});

describe('the direct computation', () => {
  it('is the sum that a convolution is by definition', () => {
    const tiny = tinyNetwork([conv('a', { filters: 1, dilation: 2, activation: 'elu' })], {
      'a/kernel': [3, 3, 3, 1, 1],
      'a/bias': [1],
    });
    const network = readTfjsNetwork(tiny.json);
    const side = 6;
    const input = Float64Array.from({ length: side ** 3 }, (_, n) => Math.sin(n * n) + 0.2);
    const [scores] = evaluateTfjs(
      network,
      readTfjsWeights(network, () => tiny.bytes),
      input,
      side,
    );
    const at = (x: number, y: number, z: number) =>
      [x, y, z].every((n) => n >= 0 && n < side) ? input[(x * side + y) * side + z]! : 0;
    const kernel = weightsOf(tiny, 'a/kernel');
    let sum = weightsOf(tiny, 'a/bias')[0]!;
    for (const [n, w] of kernel.entries()) {
      sum += w * at(1 + 2 * (Math.floor(n / 9) - 1), 4 + 2 * ((Math.floor(n / 3) % 3) - 1), 3 + 2 * ((n % 3) - 1));
    }
    expect(scores?.[(1 * side + 4) * side + 3]).toBeCloseTo(sum > 0 ? sum : Math.expm1(sum), 10);
  });

  it('knows the Gaussian error function', () => {
    const tiny = tinyNetwork([conv('a', { filters: 1, kernel: 1, bias: false, activation: 'gelu' })], {
      'a/kernel': [1, 1, 1, 1, 1],
    });
    const network = readTfjsNetwork(tiny.json);
    const weights = new Map([['a/kernel', { shape: [1, 1, 1, 1, 1], values: Float32Array.of(1) }]]);
    const [y] = evaluateTfjs(network, weights, Float64Array.of(-3, -1, 0, 0.5, 1, 3, 4.5, 8), 2);
    // x · Φ(x), from tables of the normal distribution.
    const expected = [-0.0040497, -0.1586553, 0, 0.3457312, 0.8413447, 2.9959503, 4.4999847, 8];
    for (const [n, value] of expected.entries()) expect(y?.[n]).toBeCloseTo(value, 6);
  });
});

describe('what cannot be converted exactly', () => {
  const kernel = { 'a/kernel': [3, 3, 3, 1, 2], 'a/bias': [2] };
  it.each([
    ['another kind of layer', [{ class_name: 'Flatten', config: { name: 'f' }, name: 'f' }], 'model/unsupported-layer'],
    ['strides', [conv('a', { filters: 2, strides: 2 })], 'model/unsupported-layer'],
    ['an unknown activation', [conv('a', { filters: 2, activation: 'swish6' })], 'model/unsupported-layer'],
    ['unpadded edges', [conv('a', { filters: 2, padding: 'valid' })], 'model/unsupported-layer'],
    ['nothing that convolves', [], 'model/not-tfjs'],
  ])('is refused by name: %s', (_, layers, code) => {
    expect(() => converted(tinyNetwork(layers, kernel))).toThrow(expect.objectContaining({ code }));
  });

  it('is refused where layers branch', () => {
    const tiny = tinyNetwork([conv('a', { filters: 2 }), conv('b', { filters: 2 })], kernel);
    const layers = tiny.json.modelTopology.model_config.config.layers;
    layers[2]!.inbound_nodes = [[['input', 0, 0, {}]]];
    expect(() => readTfjsNetwork(tiny.json)).toThrow(expect.objectContaining({ code: 'model/unsupported-layer' }));
  });

  it.each([
    ['half of the weights', (b: Uint8Array) => b.slice(0, b.length / 2)],
    ['more weights than named', (b: Uint8Array) => Buffer.concat([b, b])],
    ['weights that are no numbers', (b: Uint8Array) => b.slice().fill(255)],
  ])('is refused with %s', (_, spoil) => {
    const tiny = tinyNetwork([conv('a', { filters: 2 })], kernel);
    const network = readTfjsNetwork(tiny.json);
    expect(() => readTfjsWeights(network, () => spoil(tiny.bytes))).toThrow(
      expect.objectContaining({ code: 'model/damaged-weights' }),
    );
  });

  it.each(['{}', '[]', 'null', '{"modelTopology": {"model_config": {"config": {"layers": [1]}}}}'])(
    'is refused as %s',
    (text) => {
      expect(() => readTfjsNetwork(JSON.parse(text))).toThrow(expect.objectContaining({ code: 'model/not-tfjs' }));
    },
  );
});

it('reads weights of 8, 16 and half-precision bits', () => {
  const weights = [
    { name: 'a', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
    { name: 'b', shape: [1], dtype: 'float32', quantization: { dtype: 'uint16', scale: 0.25, min: 3 } },
    { name: 'c', shape: [3], dtype: 'float32', quantization: { dtype: 'float16', scale: 1, min: 0 } },
  ];
  const bytes = Uint8Array.of(0, 4, 0x10, 0, 0x00, 0x3c, 0x00, 0xc1, 0x01, 0x00);
  const read = readTfjsWeights({ groups: [{ paths: ['x'], weights }] }, () => bytes);
  expect([...read.get('a')!.values]).toEqual([-1, 1]);
  expect([...read.get('b')!.values]).toEqual([7]);
  expect([...read.get('c')!.values]).toEqual([1, -2.5, 2 ** -24]);
});

it('counts the classes of the last convolution', () => {
  const layers = [conv('a', { filters: 4 }), conv('b', { filters: 3, kernel: 1 })];
  expect(classCount(readTfjsNetwork(tinyNetwork(layers, {}).json))).toBe(3);
});
