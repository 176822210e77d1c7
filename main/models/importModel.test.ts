import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flatThresholdNetwork, regionsNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { type ImportOrder, importModel } from './importModel.ts';
import {
  SPLEEN_TRANSFORMS,
  writeBratsBundle,
  writeFiles,
  writeMonaiBundle,
  writeNnunetExport,
  zipOf,
} from './testSources.ts';

let folder: string;
let modelsFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-import-'));
  modelsFolder = join(folder, 'models');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const taken = (path: string, order: Partial<ImportOrder> = {}) =>
  importModel({ path, modelsFolder, shippedFolders: [], trust: true, orientation: null, ...order });
const refusal = (path: string, order: Partial<ImportOrder> = {}) =>
  taken(path, order).then(
    () => 'taken',
    (error: { code?: string }) => error.code,
  );
const manifestOf = (id: string) => JSON.parse(readFileSync(join(modelsFolder, id, 'manifest.json'), 'utf8'));
/** Nothing that was refused leaves a trace. */
const kept = () => (existsSync(modelsFolder) ? readdirSync(modelsFolder) : []);

function stick(id = 'good'): string {
  writeTestPack(join(folder, 'stick'), id);
  return join(folder, 'stick', id);
}

describe('a pack', () => {
  it('is taken from a folder, without what does not belong to it', async () => {
    const path = stick();
    writeFiles(path, { 'autorun.exe': 'x', 'golden/notes.txt': 'x', 'deep/manifest.json': '{}' });
    symlinkSync('/etc/hostname', join(path, 'LICENSE'));
    expect(await taken(path)).toEqual({ id: 'good', folder: join(modelsFolder, 'good'), signedBy: null });
    expect(readdirSync(join(modelsFolder, 'good')).sort()).toEqual([
      'card.md',
      'golden',
      'manifest.json',
      'model.onnx',
    ]);
    expect(kept()).toEqual(['good']);
  });

  it.each(['', 'some folder/'])('is taken from a .zip file, under “%s”', async (prefix) => {
    const file = join(folder, 'pack.zip');
    writeFileSync(file, zipOf(stick(), prefix));
    expect((await taken(file)).id).toBe('good');
    expect(existsSync(join(modelsFolder, 'good/model.onnx'))).toBe(true);
  });

  it('takes the place of the one of its name', async () => {
    const path = stick();
    await taken(path);
    writeTestPack(join(folder, 'stick'), 'good', { version: '2.0.0' });
    await taken(path);
    expect(manifestOf('good').version).toBe('2.0.0');
    expect(kept()).toEqual(['good']);
  });

  it('never takes the place of one that comes with the program', async () => {
    const shipped = join(folder, 'shipped');
    writeTestPack(shipped, 'good');
    expect(await refusal(stick(), { shippedFolders: [shipped] })).toBe('model/id-taken');
    expect(kept()).toEqual([]);
  });

  it('that does not verify is not kept', async () => {
    const path = stick();
    writeFileSync(join(path, 'model.onnx'), 'exchanged');
    expect(await refusal(path)).toBe('model/hash-mismatch');
    expect(kept()).toEqual([]);
  });
});

describe('trust', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');

  function signed(): string {
    const path = stick();
    const sums = ['manifest.json', 'model.onnx', 'card.md']
      .map(
        (name) =>
          `${createHash('sha256')
            .update(readFileSync(join(path, name)))
            .digest('hex')}  ${name}\n`,
      )
      .join('');
    writeFiles(path, { SHA256SUMS: sums, 'SHA256SUMS.sig': sign(null, Buffer.from(sums), privateKey) });
    return path;
  }
  const trustKey = (key = publicKey) => {
    const pem = String(key.export({ type: 'spki', format: 'pem' }));
    writeFiles(modelsFolder, { 'trusted-keys/Clinic physics.pem': pem, 'trusted-keys/notes.pem': 'no key' });
  };

  it('is a person’s word where nobody signed', async () => {
    expect(await refusal(stick(), { trust: false })).toBe('model/not-trusted');
    expect(kept()).toEqual([]);
  });

  it('is a signature by a key that the clinic trusts', async () => {
    trustKey();
    expect((await taken(signed(), { trust: false })).signedBy).toBe('Clinic physics');
  });

  it('is not a signature by another key, nor one over other files', async () => {
    expect(await refusal(signed(), { trust: false })).toBe('model/not-trusted');
    trustKey(generateKeyPairSync('ed25519').publicKey);
    expect(await refusal(signed(), { trust: false })).toBe('model/not-trusted');
    trustKey();
    const path = signed();
    writeFileSync(join(path, 'card.md'), '# Approved by everyone\n');
    expect(await refusal(path, { trust: false })).toBe('model/hash-mismatch');
    const sums = readFileSync(join(path, 'SHA256SUMS'), 'utf8').replace(/^.*card\.md\n/m, '');
    writeFileSync(join(path, 'SHA256SUMS'), sums);
    rmSync(join(path, 'card.md'));
    expect(await refusal(path, { trust: false })).toBe('model/not-trusted');
  });
});

describe('an nnU-Net export', () => {
  it('is not turned against what its reader says', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    expect(await refusal(path, { orientation: 'LPS' })).toBe('argument/orientation');
  });

  it('needs the word on how its images lay', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'));
    expect(await refusal(path)).toBe('model/orientation-unknown');
    expect(await refusal(path, { orientation: 'XYZ' })).toBe('argument/orientation');
  });

  it('becomes a pack with its spacing, patch, intensities and classes', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'));
    expect((await taken(path, { orientation: 'ras' })).id).toBe('Dataset007-Kidney');
    const manifest = manifestOf('Dataset007-Kidney');
    expect(manifest.input).toMatchObject({
      orientation: 'RAS',
      spacingMm: [1, 2, 3],
      normalisation: { kind: 'fixed-z-score', lower: -50, upper: 300, mean: 100, deviation: 50 },
    });
    expect(manifest.window).toEqual({ size: [32, 24, 16], overlap: 0.5, blending: 'gaussian' });
    expect(manifest.licence).toBe('CC BY 4.0');
    expect(manifest.classes[1]).toMatchObject({ value: 1, name: 'Kidney, right' });
    expect(manifest.classes[1].codes.type.value).toBe('64033007');
    expect(manifest.classes[1].codes.modifier.meaning).toBe('Right');
  });

  it('follows the axes that nnU-Net turned', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    const plans = JSON.parse(readFileSync(join(path, 'plans.json'), 'utf8'));
    // The network's slowest axis is x: its i, j, k are y, z, x.
    writeFiles(path, { 'plans.json': { ...plans, transpose_forward: [2, 0, 1] } });
    await taken(path);
    expect(manifestOf('Dataset007-Kidney').input.orientation).toBe('ASR');
  });

  it('states the axes of flips that the export states, without left and right where classes have sides', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    const plans = JSON.parse(readFileSync(join(path, 'plans.json'), 'utf8'));
    // Of z, y, x, slowest first.
    writeFiles(path, { 'plans.json': { ...plans, inference_allowed_mirroring_axes: [0, 2] } });
    await taken(path);
    expect(manifestOf('Dataset007-Kidney').output.mirrorAxes).toEqual(['k']);
  });

  it('takes codes from a table of TotalSegmentator’s kind', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'));
    const column = (sequence: string) =>
      ['CodingSchemeDesignator', 'CodeValue', 'CodeMeaning'].map((c) => `${sequence}.${c}`);
    const header = [
      'Structure',
      ...column('SegmentedPropertyCategoryCodeSequence'),
      ...column('SegmentedPropertyTypeCodeSequence'),
      ...column('SegmentedPropertyTypeModifierCodeSequence'),
      'DicomRGBColor',
    ].join(',');
    const row = 'kidney_right,SCT,123037004,Anatomical Structure,SCT,9846003,"Kidney, right",,,,"34,102,136"';
    writeFiles(path, { 'resources/snomed_mapping.csv': `${header}\r\n${row}\r\n` });
    await taken(path, { orientation: 'RAS' });
    expect(manifestOf('Dataset007-Kidney').classes[1]).toMatchObject({
      name: 'Kidney right',
      color: '#226688',
      codes: { type: { value: '9846003', scheme: 'SCT', meaning: 'Kidney, right' } },
    });
  });

  it.each([
    ['an unknown scaling', { normalization_schemes: ['RGBTo01Normalization'] }],
    ['a patch of two numbers for a network of volumes', { patch_size: [256, 256] }],
  ])('is refused with %s', async (_, changes) => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient', changes);
    expect(await refusal(path)).toBe('model/not-understood');
  });
});

describe('an nnU-Net export of several folds', () => {
  const withNetworks = (...names: string[]): string => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    rmSync(join(path, 'model.onnx'));
    for (const [n, name] of names.entries()) writeFiles(path, { [name]: thresholdNetwork(n) });
    return path;
  };

  it('becomes one pack, whose networks stand in the order of the folds', async () => {
    await taken(withNetworks('fold_10/model.onnx', 'fold_2/model.onnx'));
    const { files } = manifestOf('Dataset007-Kidney');
    expect(files.map((file: { name: string }) => file.name)).toEqual(['fold-2.onnx', 'fold-10.onnx']);
    const bytes = readFileSync(join(modelsFolder, 'Dataset007-Kidney', 'fold-2.onnx'));
    expect(bytes.equals(thresholdNetwork(1))).toBe(true);
    expect(readFileSync(join(modelsFolder, 'Dataset007-Kidney', 'card.md'), 'utf8')).toContain('The 2 folds');
  });

  it('is refused where its networks are not named after folds', async () => {
    expect(await refusal(withNetworks('2d.onnx', '3d.onnx'))).toBe('model/no-source');
  });

  it.each([
    [['fold_1/a.onnx', 'fold_1/b.onnx']],
    [['fold_1.onnx', 'fold_01.onnx']],
    [['3d_lowres/fold_0.onnx', '3d_fullres/fold_1.onnx']],
  ])('is refused where more than the fold differs: %j', async (names) => {
    expect(await refusal(withNetworks(...names))).toBe('model/no-source');
  });

  it('is refused where one of them answers otherwise', async () => {
    const path = withNetworks('fold_0.onnx');
    writeFiles(path, { 'fold_1.onnx': regionsNetwork([0, 0, 0]) });
    expect(await refusal(path)).toBe('model/shape-mismatch');
    expect(kept()).toEqual([]);
  });
});

describe('an nnU-Net export of regions', () => {
  it('has a class for each region in the order of the file, without the background, and they may share voxels', async () => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    const dataset = JSON.parse(readFileSync(join(path, 'dataset.json'), 'utf8'));
    const labels = { background: 0, kidney: [1, 2, 3], masses: [2, 3], tumor: 2, ignore: 4 };
    writeFiles(path, {
      'dataset.json': { ...dataset, labels, regions_class_order: [1, 3, 2] },
      'model.onnx': regionsNetwork([1, 2, 3]),
    });
    await taken(path);
    const { output, classes } = manifestOf('Dataset007-Kidney');
    expect(output).toMatchObject({ activation: 'sigmoid', threshold: 0.5, overlapping: true });
    expect(classes.map((c: { value: number }) => c.value)).toEqual([1, 2, 3]);
    expect(classes.map((c: { name: string }) => c.name)).toEqual(['Kidney', 'Masses', 'Tumor']);
  });
});

describe('the labels of an nnU-Net export', () => {
  const withLabels = async (labels: object, network: Uint8Array): Promise<string> => {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    const dataset = JSON.parse(readFileSync(join(path, 'dataset.json'), 'utf8'));
    return writeFiles(path, { 'dataset.json': { ...dataset, labels }, 'model.onnx': network });
  };

  it('are no regions where each list holds one value', async () => {
    await taken(await withLabels({ background: [0], kidney: [1] }, thresholdNetwork(0)));
    expect(manifestOf('Dataset007-Kidney').output).toMatchObject({ activation: 'softmax' });
  });

  it('are refused where the order of the regions is not known, or a label is left out', async () => {
    const numbered = await withLabels({ background: 0, whole: [1, 2], 2: [2] }, regionsNetwork([0, 0]));
    expect(await refusal(numbered)).toBe('model/not-understood');
    expect(await refusal(await withLabels({ background: 0, kidney: 2 }, thresholdNetwork(0)))).toBe(
      'model/not-understood',
    );
  });
});

describe('an nnU-Net export of slices and of several images', () => {
  const config = {
    patch_size: [20, 28],
    spacing: [0.9, 0.7],
    normalization_schemes: ['ZScoreNormalization', 'RescaleTo01Normalization'],
    use_mask_for_norm: [true, false],
  };

  function writeFlat(channels: number, names: object): string {
    const path = writeNnunetExport(join(folder, 'nnunet'), 'NibabelIOWithReorient');
    const plans = JSON.parse(readFileSync(join(path, 'plans.json'), 'utf8'));
    const dataset = JSON.parse(readFileSync(join(path, 'dataset.json'), 'utf8'));
    plans.configurations['2d'] = config;
    writeFiles(path, {
      'plans.json': plans,
      'dataset.json': { ...dataset, channel_names: names },
      'model.onnx': flatThresholdNetwork(0, channels),
    });
    return path;
  }

  it('becomes a pack that reads slices, with the plan of its 2d configuration', async () => {
    await taken(writeFlat(1, { 0: 'T1' }));
    const manifest = manifestOf('Dataset007-Kidney');
    expect(manifest.input).toMatchObject({ dimensions: 2, orientation: 'RAS', spacingMm: [0.7, 0.9, null] });
    expect(manifest.input.normalisation).toEqual({ kind: 'z-score', over: 'nonzero' });
    expect(manifest.window.size).toEqual([28, 20, 1]);
  });

  it('keeps the names of several images, each with its own scaling', async () => {
    await taken(writeFlat(2, { 0: 'T2', 1: 'ADC' }));
    const manifest = manifestOf('Dataset007-Kidney');
    expect(manifest.modality).toBe('MR');
    expect(manifest.input.channels).toEqual([
      { name: 'T2', normalisation: { kind: 'z-score', over: 'nonzero' } },
      { name: 'ADC', normalisation: { kind: 'min-max' } },
    ]);
  });

  it('is refused where the network reads another number of images, or two have one name', async () => {
    expect(await refusal(writeFlat(3, { 0: 'T2', 1: 'ADC' }))).toBe('model/shape-mismatch');
    expect(await refusal(writeFlat(2, { 0: 'T2', 1: 'T2' }))).toBe('model/not-understood');
  });
});

describe('a MONAI bundle', () => {
  it('becomes a pack whose axes are turned round, because MONAI’s z is the fastest', async () => {
    const path = writeMonaiBundle(join(folder, 'bundle'), SPLEEN_TRANSFORMS);
    expect((await taken(path)).id).toBe('Spleen-CT');
    const manifest = manifestOf('Spleen-CT');
    expect(manifest).toMatchObject({ version: '0.3.1', modality: 'CT', intendedUse: 'Research.' });
    expect(manifest.input).toMatchObject({
      orientation: 'SAR',
      spacingMm: [3, 2, 1],
      normalisation: { kind: 'window', lower: -57, upper: 164 },
    });
    expect(manifest.window).toEqual({ size: [16, 24, 32], overlap: 0.5, blending: 'gaussian' });
    expect(manifest.output).toMatchObject({ activation: 'softmax' });
    expect(manifest.classes[1]).toMatchObject({ name: 'Spleen', codes: { type: { value: '78961009' } } });
  });

  it.each([
    ['a transform that is not known', [{ _target_: 'RandGaussianNoised' }], 'model/not-understood'],
    ['a range that is not clipped', [{ ...SPLEEN_TRANSFORMS[4], clip: false }], 'model/not-understood'],
    [
      'a scaling of what was scaled',
      [...SPLEEN_TRANSFORMS, { _target_: 'ScaleIntensityd', keys: 'image' }],
      'model/not-understood',
    ],
    ['a scaling to −1 … 1', [{ _target_: 'ScaleIntensityd', minv: -1, maxv: 1 }], 'model/not-understood'],
    [
      'a spacing along axes that are turned later',
      [...SPLEEN_TRANSFORMS.slice(3, 4), ...SPLEEN_TRANSFORMS.slice(2, 3)],
      'model/not-understood',
    ],
    ['a spacing that Python works out', [{ _target_: 'Spacingd', pixdim: '$[1, 1, 1]' }], 'model/not-understood'],
    [
      'directions by other names',
      [
        {
          _target_: 'Orientationd',
          axcodes: 'RAS',
          labels: [
            ['R', 'L'],
            ['A', 'P'],
            ['S', 'I'],
          ],
        },
      ],
      'model/not-understood',
    ],
    [
      'whole numbers',
      [...SPLEEN_TRANSFORMS, { _target_: 'CastToTyped', dtype: '$torch.uint8' }],
      'model/not-understood',
    ],
    ['no orientation', SPLEEN_TRANSFORMS.slice(3), 'model/orientation-unknown'],
  ])('is refused with %s', async (_, transforms, code) => {
    expect(await refusal(writeMonaiBundle(join(folder, 'bundle'), transforms))).toBe(code);
  });
});

describe('what a MONAI bundle does around its network', () => {
  const post = (...transforms: object[]) => ({ postprocessing: { _target_: 'Compose', transforms } });
  const decided = async (config: object) => {
    await taken(writeMonaiBundle(join(folder, 'bundle'), SPLEEN_TRANSFORMS, config));
    return manifestOf('Spleen-CT');
  };

  it('scales to another range as the bundle does', async () => {
    const transforms = SPLEEN_TRANSFORMS.map((t) => ('b_min' in t ? { ...t, b_min: -1, b_max: 3 } : t));
    await taken(writeMonaiBundle(join(folder, 'bundle'), transforms));
    const { mean, deviation, ...rest } = manifestOf('Spleen-CT').input.normalisation;
    expect(rest).toEqual({ kind: 'fixed-z-score', lower: -57, upper: 164 });
    expect((-57 - mean) / deviation).toBeCloseTo(-1, 12);
    expect((164 - mean) / deviation).toBeCloseTo(3, 12);
  });

  it('takes the highest score where the bundle makes no probabilities of them', async () => {
    const { output, classes } = await decided(post({ _target_: 'AsDiscreted', keys: 'pred', argmax: true }));
    expect(output).toEqual({ kind: 'semantic', activation: 'none', threshold: 0.5 });
    expect(classes.map((c: { value: number }) => c.value)).toEqual([0, 1]);
  });

  it('leaves out what is disabled', async () => {
    const off = { _target_: 'ScaleIntensityd', minv: -1, _disabled_: true };
    await taken(writeMonaiBundle(join(folder, 'bundle'), [...SPLEEN_TRANSFORMS, off]));
    expect(manifestOf('Spleen-CT').input.normalisation.kind).toBe('window');
  });

  it('is refused where a person says otherwise of how its images lie', async () => {
    const path = writeMonaiBundle(join(folder, 'bundle'), SPLEEN_TRANSFORMS);
    expect(await refusal(path, { orientation: 'LPS' })).toBe('argument/orientation');
    expect((await taken(path, { orientation: 'RAS' })).id).toBe('Spleen-CT');
  });

  it('reads in the windows of the bundle, with MONAI’s overlap where none is stated', async () => {
    const inferer = { _target_: 'monai.inferers.SlidingWindowInferer', roi_size: [64, 48, 32], mode: 'gaussian' };
    const softmax = [
      { _target_: 'Activationsd', softmax: true },
      { _target_: 'AsDiscreted', argmax: true },
    ];
    const { window } = await decided({ ...post(...softmax), inferer });
    expect(window).toEqual({ size: [32, 48, 64], overlap: 0.25, blending: 'gaussian' });
  });

  it.each([
    ['how scores become a mask', {}],
    ['a threshold that is none', post({ _target_: 'AsDiscreted', threshold: '$0.3' })],
    ['a threshold of scores that are no probabilities', post({ _target_: 'AsDiscreted', threshold: 2 })],
    [
      'an activation that Python decides on',
      post({ _target_: 'Activationsd', sigmoid: '$True' }, { _target_: 'AsDiscreted', threshold: 0.5 }),
    ],
    [
      'a function of scores',
      post(
        { _target_: 'Activationsd', sigmoid: true },
        { _target_: 'Lambdad', func: '$lambda x: 1 - x' },
        { _target_: 'AsDiscreted', threshold: 0.5 },
      ),
    ],
    [
      'a decision taken twice',
      post({ _target_: 'AsDiscreted', argmax: true }, { _target_: 'AsDiscreted', argmax: true }),
    ],
    ['a mask that is taken apart', post({ _target_: 'AsDiscreted', argmax: true, to_onehot: 2 })],
    [
      'another padding',
      {
        ...post({ _target_: 'AsDiscreted', argmax: true }),
        inferer: { _target_: 'SlidingWindowInferer', roi_size: [16, 16, 16], padding_mode: 'replicate' },
      },
    ],
    ['a background that is a region', post({ _target_: 'AsDiscreted', threshold: 0.5 })],
    ['from which score on a voxel counts', post({ _target_: 'Activationsd', sigmoid: true })],
    [
      'a change of the mask',
      post({ _target_: 'AsDiscreted', argmax: true }, { _target_: 'KeepLargestConnectedComponentd' }),
    ],
    [
      'windows of another kind',
      { ...post({ _target_: 'AsDiscreted', argmax: true }), inferer: { _target_: 'SliceInferer', roi_size: [1, 1] } },
    ],
  ])('is refused where it does not say, or this program does not know: %s', async (_, config) => {
    expect(await refusal(writeMonaiBundle(join(folder, 'bundle'), SPLEEN_TRANSFORMS, config))).toBe(
      'model/not-understood',
    );
  });

  it('keeps the names of several images and regions that share voxels', async () => {
    const path = writeBratsBundle(join(folder, 'brats'));
    expect(await refusal(path)).toBe('model/orientation-unknown');
    const { id } = await taken(path, { orientation: 'RAS' });
    const { input, output, window, classes, modality } = manifestOf(id);
    expect(modality).toBe('MR');
    expect(input.channels.map((c: { name: string }) => c.name)).toEqual(['T1c', 'T1', 'T2', 'FLAIR']);
    expect(input).toMatchObject({
      orientation: 'SAR',
      spacingMm: null,
      normalisation: { kind: 'z-score', over: 'nonzero' },
    });
    expect(window).toEqual({ size: [16, 24, 24], overlap: 0.5, blending: 'constant' });
    expect(output).toMatchObject({ activation: 'sigmoid', threshold: 0.5, overlapping: true });
    expect(classes.map((c: { name: string }) => c.name)).toEqual(['Tumor core', 'Whole tumor', 'Enhancing tumor']);
    const meanings = classes.map((c: { codes: { type: { meaning: string } } }) => c.codes.type.meaning);
    expect(meanings).toEqual(['Neoplasm', 'Neoplasm', 'Neoplasm']);
    const card = readFileSync(join(modelsFolder, id, 'card.md'), 'utf8');
    expect(card).toContain('| 1 | Tumor core | part of SCT 108369006 Neoplasm |');
    expect(card).toContain('| 2 | Whole tumor | SCT 108369006 Neoplasm |');
  });

  it('is refused where images have no names, or are scaled together', async () => {
    const nameless = writeBratsBundle(join(folder, 'brats'), { channel_def: { 0: 'T1', 1: 'T2' } });
    expect(await refusal(nameless, { orientation: 'RAS' })).toBe('model/not-understood');
    writeBratsBundle(nameless, { channel_def: { 0: 'T1', 1: 'T1', 2: 'T2', 3: 'FLAIR' } });
    expect(await refusal(nameless, { orientation: 'RAS' })).toBe('model/not-understood');
    writeBratsBundle(nameless, { num_channels: 9e15 });
    expect(await refusal(nameless, { orientation: 'RAS' })).toBe('model/not-understood');
    const config = JSON.parse(readFileSync(join(nameless, 'configs/inference.json'), 'utf8'));
    config.preprocessing.transforms[1].channel_wise = false;
    writeFiles(writeBratsBundle(nameless), { 'configs/inference.json': config });
    expect(await refusal(nameless, { orientation: 'RAS' })).toBe('model/not-understood');
  });
});

describe('what is no model', () => {
  it.each([
    ['nothing', () => join(folder, 'nowhere'), 'model/no-source'],
    ['an empty folder', () => writeFiles(join(folder, 'empty'), { 'a.txt': 'x' }), 'model/no-source'],
    ['a network alone', () => writeFiles(join(folder, 'alone'), { 'model.onnx': 'x' }), 'model/no-source'],
    ['another file', () => join(writeFiles(folder, { 'a.txt': 'x' }), 'a.txt'), 'model/no-source'],
    [
      'a .zip file that is none',
      () => join(writeFiles(folder, { 'a.zip': 'x'.repeat(100) }), 'a.zip'),
      'model/bad-archive',
    ],
  ])('is refused: %s', async (_, make, code) => {
    expect(await refusal(make())).toBe(code);
    expect(kept()).toEqual([]);
  });

  it.each([
    '../../escape/manifest.json',
    '/etc/manifest.json',
    'a/../../manifest.json',
    '..\\..\\manifest.json',
    'C:\\manifest.json',
  ])('is refused: an archive with the path %s', async (path) => {
    const file = join(folder, 'slip.zip');
    writeFileSync(file, zipSync({ [path]: Buffer.from('{}') }));
    expect(await refusal(file)).toBe('model/bad-archive');
  });

  it('is refused: an archive that claims more than this program reads; one that claims less is cut, not unpacked', async () => {
    const file = join(folder, 'bomb.zip');
    const honest = Buffer.from(zipSync({ 'manifest.json': Buffer.alloc(100_000) }));
    // The unpacked size, in the central directory.
    const at = honest.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24;
    for (const [size, code] of [
      [0xf0000000, 'model/absurd-size'],
      [50, 'model/invalid-manifest'],
    ] as const) {
      honest.writeUInt32LE(size, at);
      writeFileSync(file, honest);
      mkdirSync(modelsFolder, { recursive: true });
      expect(await refusal(file)).toBe(code);
    }
  });
});
