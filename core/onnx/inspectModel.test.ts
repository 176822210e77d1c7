import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { convolutionNetwork } from '../inference/onnx/convolutionNetwork.ts';
import { inspectModel } from './inspectModel.ts';
import { nodeSchema, tensorSchema } from './onnxSchema.ts';
import type { GraphProto, ModelProto, TensorProto } from './onnxTypes.ts';
import { readModel, writeModel } from './readModel.ts';
import { tensorFromInts } from './tensorValues.ts';

/** What is found in a good network once it was spoilt and written to a file. */
function found(spoil: (graph: GraphProto, weight: TensorProto, model: ModelProto) => unknown): string[] {
  const model = readModel(convolutionNetwork({ widths: [2], classes: 2 }));
  spoil(model.graph!, model.graph!.initializer[0]!, model);
  return inspectModel(readModel(writeModel(model))).map((error) => error.code);
}

const sized = (opType: string, dims: readonly number[]) => (graph: GraphProto) => {
  graph.initializer.push(tensorFromInts('size', [dims.length], dims));
  const input = opType === 'ConstantOfShape' ? ['size'] : ['image', 'size'];
  graph.node.push(create(nodeSchema, { opType, input, output: ['filled'] }));
};

const claim = (dims: bigint[]) => (_: GraphProto, weight: TensorProto) => Object.assign(weight, { dims });

describe('the inspection', () => {
  it('has nothing to say of a good network', () => {
    expect(found(() => {})).toEqual([]);
  });

  it.each(['../../../../etc/passwd', '/etc/passwd', 'weights.bin', 'C:\\secret'])(
    'refuses weights in another file: %s',
    (location) => {
      const codes = found((_, weight) => {
        weight.dataLocation = 1;
        weight.rawData = new Uint8Array(0);
        keepElsewhere(weight, location);
      });
      expect(codes[0]).toBe('model/external-data');
    },
  );

  it('refuses a place in another file even where the tensor does not say that it lies there', () => {
    const codes = found((_, weight) => {
      keepElsewhere(weight, 'x');
    });
    expect(codes).toEqual(['model/external-data']);
  });

  it.each([
    ['2⁶² values', [2n ** 62n]],
    ['a product beyond 64 bits', [2n ** 32n, 2n ** 32n, 4n]],
    ['a negative dimension', [-1n, 27n]],
  ])('refuses a tensor of %s', (_, dims) => {
    expect(found(claim(dims))).toContain('model/absurd-size');
  });

  it.each([
    ['more values than the file has', [200n, 1n, 3n, 3n, 3n]],
    ['fewer values than the file has', [1n, 1n, 3n, 3n, 3n]],
  ])('refuses a tensor that claims %s', (_, dims) => {
    expect(found(claim(dims))).toEqual(['model/truncated-tensor']);
  });

  it('accepts a tensor whose values are written one by one', () => {
    const codes = found((_, weight) => {
      weight.floatData = Array.from({ length: weight.rawData.length / 4 }, () => 0.5);
      weight.rawData = new Uint8Array(0);
    });
    expect(codes).toEqual([]);
  });

  it.each([
    ['ConstantOfShape', [2 ** 18, 2 ** 18]],
    ['Expand', [2 ** 34]],
    ['Tile', [1, 1, 2 ** 20, 2 ** 20, 1]],
    ['Reshape', [2 ** 40, -1]],
  ])('refuses %s to a size that no machine has', (operator, dims) => {
    expect(found(sized(operator, dims))).toEqual(['model/absurd-size']);
  });

  it('accepts the same operators at sizes that are used', () => {
    expect(found(sized('Expand', [1, 16, 128, 128, 128]))).toEqual([]);
    expect(found(sized('Reshape', [0, -1]))).toEqual([]);
  });

  it('refuses an input of 2⁶² voxels', () => {
    const codes = found((graph) => {
      const type = graph.input[0]?.type?.value;
      if (type?.case === 'tensorType') type.value.shape!.dim[2]!.value = { case: 'dimValue', value: 2n ** 62n };
    });
    expect(codes).toEqual(['model/absurd-size']);
  });

  it('refuses operators that need a library of their own, also inside of another operator', () => {
    const custom = create(nodeSchema, { opType: 'Mine', domain: 'com.example', output: ['y'] });
    expect(found((graph) => graph.node.push(custom))).toEqual(['model/foreign-operator']);
    const branch = create(nodeSchema, {
      opType: 'If',
      input: ['c'],
      output: ['y'],
      attribute: [{ name: 'then_branch', type: 5, g: { node: [custom] } }] as never,
    });
    expect(found((graph) => graph.node.push(branch))).toEqual(['model/foreign-operator']);
  });

  it('refuses a network without an output, without an input, or with an output that nothing makes', () => {
    expect(found((graph) => graph.output.splice(0))).toEqual(['model/no-outputs']);
    expect(found((graph) => graph.input.splice(0))).toEqual(['model/no-inputs']);
    expect(found(({ output }) => Object.assign(output[0]!, { name: 'elsewhere' }))).toEqual(['model/no-outputs']);
  });

  it('says each with a sentence and a next step, without the file’s control characters', () => {
    const model = readModel(convolutionNetwork({ widths: [2], classes: 2 }));
    const tensor = create(tensorSchema, { name: `evil\u001b[2J${'x'.repeat(500)}`, dataLocation: 1 });
    model.graph!.initializer.push(tensor);
    const [error] = inspectModel(model);
    expect(error?.message).toMatch(/^The network keeps its tensor “evil·\[2Jx+…”/);
    expect(error?.message.length).toBeLessThan(200);
    expect(error?.hint).toMatch(/\.$/);
  });
});

function keepElsewhere(tensor: TensorProto, location: string): void {
  // Through a message of its own: entries must be messages, too.
  const { externalData } = create(tensorSchema, { externalData: [{ key: 'location', value: location }] });
  tensor.externalData = externalData;
}
