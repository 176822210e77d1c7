import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { convolutionNetwork } from '../inference/onnx/convolutionNetwork.ts';
import { ModelBuilder } from './buildModel.ts';
import { inspectModel } from './inspectModel.ts';
import { readModel, writeModel } from './readModel.ts';
import { floatsOf, intsOf } from './tensorValues.ts';
import { modelInputs, modelOutputs } from './valueShape.ts';

const SHIPPED = fileURLToPath(new URL('../../models/phantom-organs/model.onnx', import.meta.url));
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** A network that PyTorch itself wrote: the numbers of its second weight, and a file. */
const EXPORT = `
import sys, torch
torch.manual_seed(1)
net = torch.nn.Sequential(torch.nn.Conv3d(1, 4, 3, padding=2, dilation=2), torch.nn.InstanceNorm3d(4), torch.nn.ELU(), torch.nn.Conv3d(4, 2, 1))
torch.onnx.export(net.eval(), torch.zeros(1, 1, 8, 8, 8), sys.argv[1], input_names=['image'], output_names=['scores'],
                  opset_version=14, dynamic_axes={'image': {2: 'k'}})
print(' '.join(str(float(x)) for x in net[3].weight.flatten()))`;
const python = ['/usr/bin/python3', 'python3'].find((p) => spawnSync(p, ['-c', 'import torch']).status === 0);
if (!python) process.stderr.write('\n*** SKIPPED for want of PyTorch: reading a network that it wrote ***\n\n');

it('writes what it read, byte for byte', () => {
  const files = [readFileSync(SHIPPED), convolutionNetwork({ widths: [4, 8], classes: 3 })];
  for (const file of files) expect(same(writeModel(readModel(file)), file)).toBe(true);
});

it('keeps fields that it does not know', () => {
  // Field 26 of a model ("configuration", ONNX 1.18) with two bytes.
  const file = Buffer.concat([convolutionNetwork({ widths: [2], classes: 2 }), Uint8Array.of(0xd2, 0x01, 2, 8, 1)]);
  expect(same(writeModel(readModel(file)), file)).toBe(true);
});

it('builds a model that says what was asked for', () => {
  const builder = new ModelBuilder();
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 0.5));
  builder.ints('axes', [2], [-1, 2 ** 40]);
  builder.node('Conv', ['image', 'w'], ['scores'], { kernel_shape: { ints: [1, 1, 1] }, auto_pad: { text: 'NOTSET' } });
  const model = builder.build([{ name: 'image', dims: [1, 1, 'k', 'j', 'i'] }], [{ name: 'scores', dims: [1, 2] }], {
    producer: 'lantern',
    producerVersion: '1',
    opset: 17,
    graphName: 'test',
  });
  const read = readModel(writeModel(model));
  const [w, axes] = read.graph?.initializer ?? [];
  expect([...floatsOf(w!)]).toEqual([-1, 0.5]);
  expect(intsOf(axes!)).toEqual([-1n, 2n ** 40n]);
  expect(modelInputs(read)).toEqual([{ name: 'image', elementType: 1, dims: [1n, 1n, null, null, null] }]);
  expect(modelOutputs(read)[0]?.dims).toEqual([1n, 2n]);
  expect(read.opsetImport[0]?.version).toBe(17n);
});

it.runIf(python)('reads what PyTorch wrote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantern-torch-'));
  try {
    const file = join(folder, 'net.onnx');
    const run = spawnSync(python ?? '', ['-W', 'ignore', '-c', EXPORT, file], { encoding: 'utf8' });
    expect(existsSync(file), run.stderr).toBe(true);
    const bytes = readFileSync(file);
    const model = readModel(bytes);
    expect(same(writeModel(model), bytes)).toBe(true);
    expect(inspectModel(model)).toEqual([]);
    expect(modelInputs(model)[0]?.dims).toEqual([1n, 1n, null, 8n, 8n]);
    const weight = model.graph?.initializer.find((t) => t.dims.join() === '2,4,1,1,1');
    expect([...floatsOf(weight!)]).toEqual(run.stdout.trim().split(' ').map(Number));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('reads 100 MB without copying them', () => {
  const builder = new ModelBuilder();
  for (let n = 0; n < 25; n++) builder.floats(`w${n}`, [1 << 20], new Float32Array(1 << 20).fill(n));
  builder.node('Identity', ['image'], ['scores']);
  const ends = [{ name: 'image', dims: ['n'] }];
  const model = builder.build(ends, [{ name: 'scores', dims: ['n'] }], {
    producer: 'lantern',
    producerVersion: '1',
    opset: 17,
    graphName: 'large',
  });
  const bytes = writeModel(model);
  const from = performance.now();
  const read = readModel(bytes);
  expect(inspectModel(read)).toEqual([]);
  const ms = performance.now() - from;
  expect(read.graph?.initializer[7]?.rawData.buffer).toBe(bytes.buffer);
  process.stderr.write(`${(bytes.length / 1e6).toFixed(0)} MB read and inspected in ${ms.toFixed(0)} ms\n`);
});

it.each([
  ['nothing', new Uint8Array(0)],
  ['noise', Uint8Array.from({ length: 5000 }, (_, n) => (n * 7919 + (n >> 3)) % 251)],
  ['half a file', readFileSync(SHIPPED).subarray(0, 500_000)],
  ['messages in messages without end', nested(5001)],
])('refuses %s', (_, bytes) => {
  expect(() => readModel(bytes)).toThrow(expect.objectContaining({ code: 'model/unreadable' }));
});

it('refuses a file of millions of empty parts before it becomes objects', () => {
  // graph { node {} node {} … }
  const nodes = new Uint8Array(6_000_000).map((_, n) => (n % 2 === 0 ? 0x0a : 0));
  const bytes = Buffer.concat([Uint8Array.of(0x3a, ...varint(nodes.length)), nodes]);
  expect(() => readModel(bytes)).toThrow(expect.objectContaining({ code: 'model/absurd-size' }));
});

/** graph.node.attribute.g.node.attribute.g … */
function nested(levels: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array(0);
  const tags = [0x32, 0x2a, 0x0a];
  for (let n = 0; n < levels; n++) inner = Buffer.concat([Uint8Array.of(tags[n % 3]!, ...varint(inner.length)), inner]);
  return Buffer.concat([Uint8Array.of(0x3a, ...varint(inner.length)), inner]);
}

function varint(n: number): number[] {
  return n < 128 ? [n] : [(n % 128) | 128, ...varint(Math.floor(n / 128))];
}
