import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNifti } from '#core/formats/nifti.ts';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from '../../main/inference/inferenceService.ts';
import { findPacks, type ModelPack } from '../../main/inference/modelPack.ts';
import { diceOf } from '../../main/inference/testDice.ts';
import { testContext, writeTestPack } from '../../main/inference/testPack.ts';
import type { VariantAnswer } from '../../main/models/variants/makeVariant.ts';
import { pruneModel } from '../../main/models/variants/pruneModel.ts';
import { quantiseModel } from '../../main/models/variants/quantiseModel.ts';
import { verifyPack } from '../../main/models/verifyPack.ts';
import { canExport, exported, exportedVolume } from './exported.ts';

const SIDE = 48;
const present = canExport('8-bit and pruned variants of a network that PyTorch trained', 'torch');
const CODES = {
  category: { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' },
  type: { value: '85756007', scheme: 'SCT', meaning: 'Tissue' },
};
const CLASSES = [
  { value: 0, name: 'Background' },
  { value: 1, name: 'Bright', color: '#ffcc00', codes: CODES },
  { value: 2, name: 'Dark', color: '#00ccff', codes: CODES },
];

/** Some ten seconds of processor time; a machine at work may need minutes. */
const PATIENCE_MS = 600_000;

describe.skipIf(!present)('a variant of a network that PyTorch trained', { timeout: PATIENCE_MS }, () => {
  let folder = '';
  let network = '';
  let volume: Volume;

  beforeAll(() => {
    network = exported('variants.py');
    folder = mkdtempSync(join(tmpdir(), 'lantern-variants-'));
    volume = exportedVolume(network, [SIDE, SIDE, SIDE]);
    writePack('balls', readFileSync(join(network, 'network.onnx')));
  }, PATIENCE_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function writePack(id: string, bytes: Uint8Array, changes: Parameters<typeof writeTestPack>[2] = {}): void {
    const input = { dimensions: 2, normalisation: { kind: 'z-score', over: 'volume' }, multipleOf: 4 } as const;
    writeTestPack(
      folder,
      id,
      { modality: 'any', classes: CLASSES, ...changes, input: { ...input, ...changes.input } },
      bytes,
    );
    mkdirSync(join(folder, id, 'golden'));
    for (const name of ['input.f32', 'labels.u8']) {
      copyFileSync(join(network, `golden.${name}`), join(folder, id, 'golden', name));
    }
  }

  const order = (wanted: string, out: string, volumes: string[] = []) => ({
    wanted,
    modelFolders: [folder],
    out: join(folder, out),
    volumes,
    signal: new AbortController().signal,
    progress: () => undefined,
  });

  const refusal = async (made: Promise<VariantAnswer>): Promise<unknown> =>
    made.then(
      () => null,
      (error: { code?: string }) => error.code,
    );

  it('in 8 bits is kept where it loses little and is faster, and is a pack like any other', async () => {
    const file = join(folder, 'patient.nii.gz');
    writeFileSync(file, writeNifti(volume));
    const before = readdirSync(folder);
    const answer = await quantiseModel(order('balls', 'balls-8', [file]));
    expect(answer.reasons).toEqual([]);
    expect(answer).toMatchObject({ kept: true, id: 'balls-int8', folder: join(folder, 'balls-8') });
    expect(answer.measure.cases.map(({ name }) => name)).toEqual(['golden', 'volume 1']);
    expect(answer.bytes.variant).toBeLessThan(answer.bytes.parent / 2);
    // Nothing beside the pack, and in it nothing that was not meant to be.
    expect(readdirSync(folder).sort()).toEqual([...before, 'balls-8'].sort());
    expect(readdirSync(answer.folder ?? '', { recursive: true }).sort()).toEqual(
      ['card.md', 'golden', 'golden/input.f32', 'golden/labels.u8', 'manifest.json', 'model.onnx'].sort(),
    );

    const [pack] = (await findPacks([answer.folder ?? ''])) as ModelPack[];
    const parent = createHash('sha256')
      .update(readFileSync(join(folder, 'balls/model.onnx')))
      .digest('hex');
    expect(pack?.manifest.variantOf).toMatchObject({ modelId: 'balls', sha256: parent, change: { kind: 'int8' } });
    expect(pack?.sha256).toBe(answer.sha256);
    expect(pack?.card).toContain('What it loses');
    expect(pack?.card).not.toContain('patient');
    expect(await verifyPack(answer.folder ?? '', [])).toMatchObject({ ok: true, problems: [] });

    const service = new InferenceService({ modelFolders: [folder] });
    const run = async (modelId: string) => {
      const { labelmap } = await service.run({ modelId, volume, modality: 'OT' }, testContext());
      return labelmap.voxels;
    };
    const [own, in8Bits] = [await run('balls'), await run('balls-int8')];
    await service.close();
    for (const label of [1, 2]) {
      expect(diceOf(own, new Uint8Array(own.length), label)).toBe(0);
      expect(diceOf(in8Bits, own, label)).toBeGreaterThan(0.98);
    }
    const stated = answer.measure.cases[1]?.dice.get(1);
    expect(diceOf(in8Bits, own, 1)).toBeCloseTo(stated ?? 0, 10);
  });

  it('without most of its channels is not kept, says why, and nothing is written', async () => {
    const answer = await pruneModel(order('balls', 'pruned'), 0.25);
    expect(answer).toMatchObject({ kept: false, folder: null, error: { code: 'model/variant-not-worth-it' } });
    expect(answer.reasons[0]).toContain('mean Dice');
    expect(existsSync(join(folder, 'pruned'))).toBe(false);
  });

  it('is refused where it could not be made or judged, and nothing is written', async () => {
    const bytes = readFileSync(join(network, 'network.onnx'));
    writePack('no-golden', bytes);
    rmSync(join(folder, 'no-golden', 'golden'), { recursive: true });
    writePack('noise', bytes);
    writeFileSync(
      join(folder, 'noise/golden/input.f32'),
      new Float32Array(SIDE ** 3).map((_, n) => 300 * Math.sin(n)),
    );
    const single = convolutionNetwork({ widths: [], classes: 3 });
    const deep = { dimensions: 3, multipleOf: 1 } as const;
    writePack('single', single, { input: deep });
    const instances = {
      tensors: { boxes: 'b', scores: 's', labels: 'l', masks: 'm' },
      leastScore: 0.5,
      linkOverlap: 0.3,
    };
    writePack('detector', bytes, { output: { kind: 'instances', activation: 'none', instances } });
    writeFileSync(join(folder, 'no-image.nii.gz'), 'text');

    const before = readdirSync(folder).sort();
    const codes: Record<string, string> = {
      nobody: 'model/unknown',
      'no-golden': 'model/no-golden-case',
      noise: 'model/golden-unlike-images',
      single: 'model/nothing-to-quantise',
      detector: 'model/variant-unsupported',
    };
    for (const [wanted, code] of Object.entries(codes)) {
      expect([wanted, await refusal(quantiseModel(order(wanted, 'none')))]).toEqual([wanted, code]);
    }
    expect(await refusal(quantiseModel(order('balls', 'noise')))).toBe('disk/exists');
    expect(await refusal(quantiseModel(order('balls', 'none', [join(folder, 'no-image.nii.gz')])))).toMatch(
      /^(volume|model)\//,
    );
    expect(await refusal(pruneModel(order('balls', 'none'), 1))).toBe('argument/keep');
    expect(await refusal(pruneModel(order('single', 'none'), 0.5))).toBe('model/nothing-to-prune');
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('stops when it is cancelled', async () => {
    const stop = new AbortController();
    const progress = (): void => stop.abort(new Error('a person cancelled'));
    const made = quantiseModel({ ...order('balls', 'cancelled'), signal: stop.signal, progress });
    await expect(made).rejects.toThrow('a person cancelled');
    expect(existsSync(join(folder, 'cancelled'))).toBe(false);
  });
});
