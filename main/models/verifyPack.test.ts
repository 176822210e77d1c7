import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convolutionNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { ModelBuilder } from '#core/onnx/buildModel.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { writeFiles } from './testSources.ts';
import { verifyPack } from './verifyPack.ts';

const SHIPPED = fileURLToPath(new URL('../../models/phantom-organs/', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-verify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The codes of what is found in a pack with this network. */
async function found(network: Uint8Array, changes: Parameters<typeof writeTestPack>[2] = {}): Promise<string[]> {
  writeTestPack(folder, 'pack', changes, network);
  const { ok, problems } = await verifyPack(join(folder, 'pack'), []);
  expect(ok).toBe(problems.length === 0);
  for (const { message, hint } of problems) expect(`${message} ${hint}`).toMatch(/^[A-Z“].*\. [A-Z].*\.$/);
  return problems.map((p) => p.code);
}

function spoilt(change: (graph: NonNullable<ReturnType<typeof readModel>['graph']>) => unknown): Uint8Array {
  const model = readModel(thresholdNetwork(100));
  change(model.graph!);
  return writeModel(model);
}

it('has nothing to say of the pack that ships, its golden case included', async () => {
  expect(await verifyPack(SHIPPED, [])).toEqual({ id: 'phantom-organs', ok: true, problems: [], signedBy: null });
});

it('has nothing to say of a good pack without a golden case', async () => {
  expect(await found(thresholdNetwork(100))).toEqual([]);
});

describe('a bad pack', () => {
  it('of garbage', async () => {
    expect(await found(Uint8Array.from({ length: 5000 }, (_, n) => (n * 7919) % 251))).toEqual(['model/unreadable']);
  });

  it('with an exchanged byte', async () => {
    writeTestPack(folder, 'pack');
    const file = join(folder, 'pack/model.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    expect((await verifyPack(join(folder, 'pack'), [])).problems[0]?.code).toBe('model/hash-mismatch');
  });

  it('without its network, without a manifest, with a manifest that is not one', async () => {
    writeTestPack(folder, 'pack');
    rmSync(join(folder, 'pack/model.onnx'));
    expect((await verifyPack(join(folder, 'pack'), [])).problems[0]?.code).toBe('model/weights-missing');
    writeFileSync(join(folder, 'pack/manifest.json'), '{}');
    expect((await verifyPack(join(folder, 'pack'), [])).problems[0]?.code).toBe('model/invalid-manifest');
    rmSync(join(folder, 'pack/manifest.json'));
    expect((await verifyPack(join(folder, 'pack'), [])).problems[0]?.code).toBe('model/no-source');
  });

  it('whose weights lie in another file', async () => {
    const network = spoilt(({ initializer }) => Object.assign(initializer[0]!, { dataLocation: 1 }));
    expect(await found(network)).toEqual(['model/external-data']);
  });

  it('with 2⁶² dimensions', async () => {
    expect(await found(spoilt(({ initializer }) => Object.assign(initializer[0]!, { dims: [2n ** 62n] })))).toEqual([
      'model/absurd-size',
    ]);
  });

  it('that asks for 64 GB', async () => {
    const builder = new ModelBuilder();
    builder.ints('size', [5], [1, 2, 2 ** 11, 2 ** 11, 2 ** 12]);
    builder.node('ConstantOfShape', ['size'], ['filled']);
    builder.node('ReduceMax', ['filled'], ['most']);
    builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 1));
    builder.node('Conv', ['image', 'w'], ['c']);
    builder.node('Add', ['c', 'most'], ['scores']);
    const ends = (name: string, channels: number) => [{ name, dims: [1, channels, 'k', 'j', 'i'] }];
    const model = builder.build(ends('image', 1), ends('scores', 2), {
      producer: 'test',
      producerVersion: '1',
      opset: 17,
      graphName: 'large',
    });
    expect(await found(writeModel(model))).toEqual(['model/absurd-size']);
  });

  it('without an output', async () => {
    expect(await found(spoilt(({ output }) => output.splice(0)))).toEqual(['model/no-outputs']);
  });

  it('with operators of a library of its own', async () => {
    expect(await found(spoilt(({ node }) => Object.assign(node[0]!, { domain: 'evil' })))).toEqual([
      'model/foreign-operator',
    ]);
  });

  it('whose manifest promises other classes', async () => {
    expect(await found(convolutionNetwork({ widths: [2], classes: 3 }))).toEqual(['model/shape-mismatch']);
  });

  it('whose network answers with values that are not numbers', async () => {
    const network = spoilt(({ initializer }) => {
      initializer[0]!.rawData = new Uint8Array(Float32Array.of(Number.NaN, 1).buffer);
    });
    expect(await found(network)).toEqual(['model/non-finite-output']);
  });

  it('whose operators do not fit one another', async () => {
    expect(await found(spoilt(({ node }) => Object.assign(node[0]!, { opType: 'NoSuchThing' })))).toEqual([
      'model/unreadable',
    ]);
  });

  it('whose golden case is another network’s', async () => {
    writeTestPack(folder, 'pack');
    const input = Float32Array.from({ length: 512 }, (_, n) => n % 200);
    const golden = {
      'golden/input.f32': new Uint8Array(input.buffer),
      'golden/labels.u8': new Uint8Array(512).fill(1),
    };
    writeFiles(join(folder, 'pack'), golden);
    expect((await verifyPack(join(folder, 'pack'), [])).problems[0]?.code).toBe('model/golden-mismatch');
    writeFiles(join(folder, 'pack'), { 'golden/labels.u8': Uint8Array.from(input, (x) => (x > 100 ? 1 : 0)) });
    expect((await verifyPack(join(folder, 'pack'), [])).problems).toEqual([]);
  });

  it('whose list of hashes does not know one of its files', async () => {
    writeTestPack(folder, 'pack');
    const sum = (name: string) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, 'pack', name)))
        .digest('hex')}  ${name}\n`;
    writeFiles(join(folder, 'pack'), { SHA256SUMS: sum('manifest.json') + sum('model.onnx') });
    expect((await verifyPack(join(folder, 'pack'), [])).problems[0]?.code).toBe('model/hash-mismatch');
    writeFiles(join(folder, 'pack'), { SHA256SUMS: sum('manifest.json') + sum('model.onnx') + sum('card.md') });
    expect((await verifyPack(join(folder, 'pack'), [])).problems).toEqual([]);
  });
});
