import { expect, it } from 'vitest';
import { ModelBuilder } from '../buildModel.ts';
import { inspectModel } from '../inspectModel.ts';
import type { ModelProto } from '../onnxTypes.ts';
import { readModel, writeModel } from '../readModel.ts';
import { planQuantisation, quantiseNetwork } from './quantiseNetwork.ts';

/** image → c0 → relu → c1 → relu → pool → c2 → relu, joined with c2's input → c3 = scores. */
function network(opset = 13): ModelProto {
  const builder = new ModelBuilder();
  const weights = (name: string, outputs: number, inputs: number): string =>
    builder.floats(
      name,
      [outputs, inputs, 1, 1],
      Float32Array.from({ length: outputs * inputs }, (_, n) => n - 1.5),
    );
  builder.node('Conv', ['image', weights('w0', 2, 1)], ['c0']);
  builder.node('Relu', ['c0'], ['r0']);
  builder.floats('b1', [2], Float32Array.of(0.5, -0.25));
  builder.node('Conv', ['r0', weights('w1', 2, 2), 'b1'], ['c1']);
  builder.node('Relu', ['c1'], ['r1']);
  builder.node('MaxPool', ['r1'], ['p'], { kernel_shape: { ints: [1, 1] } });
  builder.node('Conv', ['p', weights('w2', 2, 2)], ['c2']);
  builder.node('Relu', ['c2'], ['r2']);
  builder.node('Concat', ['r2', 'p'], ['joined'], { axis: { int: 1 } });
  builder.node('Conv', ['joined', weights('w3', 3, 4)], ['scores']);
  const ends = (name: string, channels: number) => [{ name, dims: [1, channels, 'j', 'i'] }];
  const origin = { producer: 't', producerVersion: '', opset, graphName: 'g' };
  return readModel(writeModel(builder.build(ends('image', 1), ends('scores', 3), origin)));
}

const ranges = (names: readonly string[]): Map<string, { min: number; max: number }> =>
  new Map(names.map((name, n) => [name, { min: 0, max: n + 1 }]));

function quantised(model = network()): ModelProto {
  const plan = planQuantisation(model);
  return readModel(writeModel(quantiseNetwork(model, plan, ranges(plan.values)).model));
}

function nodeThatMakes(model: ModelProto, output: string) {
  const node = model.graph?.node.find((n) => n.output.includes(output));
  if (!node) throw new Error(output);
  return node;
}

it('computes the layers between the first and the last in integers', () => {
  const { layers, values } = planQuantisation(network());
  expect(layers.map(({ node }) => node.output[0])).toEqual(['c1', 'c2']);
  expect([...values].sort()).toEqual(['p', 'r0', 'r1', 'r2']);
});

it('writes weights as int8 and biases as int32 behind a DequantizeLinear, and keeps the last layer’s floats', () => {
  const model = quantised();
  const c1 = nodeThatMakes(model, 'c1');
  expect(c1.input).toEqual(['r0:dq', 'c1:weight:dq', 'c1:bias:dq']);
  const types = new Map(model.graph?.initializer.map(({ name, dataType }) => [name, dataType]));
  expect([types.get('c1:weight'), types.get('c1:bias'), types.get('w3')]).toEqual([3, 6, 1]);
  expect(types.has('w1')).toBe(false);
});

it('puts the steps of a convolution with a ReLU behind the ReLU, so that both are one kernel', () => {
  const model = quantised();
  expect(nodeThatMakes(model, 'r1:q').input[0]).toBe('r1');
  expect(model.graph?.node.some((n) => n.output.includes('c1:q'))).toBe(false);
});

it('gives a pooled value the scale of what was pooled', () => {
  const model = quantised();
  const scale = (value: string) => model.graph?.initializer.find((t) => t.name === `${value}:scale`)?.rawData;
  expect(scale('p')).toEqual(scale('r1'));
  expect(scale('p')).not.toEqual(scale('r2'));
});

it('is a network that the look before every run lets pass, in an operator set with scales by channel', () => {
  const model = quantised(network(11));
  expect(inspectModel(model)).toEqual([]);
  expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 13n]]);
  expect(model.graph?.output[0]?.name).toBe('scores');
});

it('leaves the network that it was given as it was', () => {
  const model = network();
  const before = writeModel(model);
  quantised(model);
  expect(writeModel(model)).toEqual(before);
});

it.each([
  ['an operator set that is too old', 9, 'model/old-operators'],
  ['a single layer', 13, 'model/nothing-to-quantise'],
])('refuses %s', (_, opset, code) => {
  const model = network(opset);
  if (code === 'model/nothing-to-quantise' && model.graph) {
    model.graph.node = model.graph.node.filter((n) => n.output[0] === 'c0');
    model.graph.output = model.graph.output.map((o) => Object.assign(o, { name: 'c0' }));
  }
  expect(() => quantised(model)).toThrowError(expect.objectContaining({ code }));
});

it('raises operators whose attributes became inputs', () => {
  const model = network(11);
  const builder = new ModelBuilder();
  builder.node('Unsqueeze', ['c3'], ['scores'], { axes: { ints: [0] } });
  const [last] = model.graph?.node.slice(-1) ?? [];
  if (!last || !model.graph) throw new Error('no graph');
  last.output = ['c3'];
  model.graph.node.push(
    ...(builder.build([], [], { producer: '', producerVersion: '', opset: 11, graphName: '' }).graph?.node ?? []),
  );
  const node = nodeThatMakes(quantised(model), 'scores');
  expect(node.input).toEqual(['c3', 'raised:scores']);
  expect(node.attribute).toEqual([]);
});
