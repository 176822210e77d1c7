import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testImports } from './testImports.ts';
import { SPLEEN_TRANSFORMS, writeBratsBundle, writeFiles, writeMonaiBundle } from './testSources.ts';

const { at, inModels, manifestOf, refusal, taken } = testImports();

describe('a MONAI bundle', () => {
  it('becomes a pack whose axes are turned round, because MONAI’s z is the fastest', async () => {
    const path = writeMonaiBundle(at('bundle'), SPLEEN_TRANSFORMS);
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
    expect(await refusal(writeMonaiBundle(at('bundle'), transforms))).toBe(code);
  });
});

describe('what a MONAI bundle does around its network', () => {
  const post = (...transforms: object[]) => ({ postprocessing: { _target_: 'Compose', transforms } });
  const decided = async (config: object) => {
    await taken(writeMonaiBundle(at('bundle'), SPLEEN_TRANSFORMS, config));
    return manifestOf('Spleen-CT');
  };

  it('scales to another range as the bundle does', async () => {
    const transforms = SPLEEN_TRANSFORMS.map((t) => ('b_min' in t ? { ...t, b_min: -1, b_max: 3 } : t));
    await taken(writeMonaiBundle(at('bundle'), transforms));
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
    await taken(writeMonaiBundle(at('bundle'), [...SPLEEN_TRANSFORMS, off]));
    expect(manifestOf('Spleen-CT').input.normalisation.kind).toBe('window');
  });

  it('is refused where a person says otherwise of how its images lie', async () => {
    const path = writeMonaiBundle(at('bundle'), SPLEEN_TRANSFORMS);
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
    expect(await refusal(writeMonaiBundle(at('bundle'), SPLEEN_TRANSFORMS, config))).toBe('model/not-understood');
  });

  it('keeps the names of several images and regions that share voxels', async () => {
    const path = writeBratsBundle(at('brats'));
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
    const card = readFileSync(inModels(id, 'card.md'), 'utf8');
    expect(card).toContain('| 1 | Tumor core | part of SCT 108369006 Neoplasm |');
    expect(card).toContain('| 2 | Whole tumor | SCT 108369006 Neoplasm |');
  });

  it('is refused where images have no names, or are scaled together', async () => {
    const nameless = writeBratsBundle(at('brats'), { channel_def: { 0: 'T1', 1: 'T2' } });
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
