import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flatThresholdNetwork, regionsNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { testImports } from './testImports.ts';
import { writeFiles, writeNnunetExport } from './testSources.ts';

const { at, inModels, kept, manifestOf, refusal, taken } = testImports();

describe('an nnU-Net export', () => {
  it('is not turned against what its reader says', async () => {
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
    expect(await refusal(path, { orientation: 'LPS' })).toBe('argument/orientation');
  });

  it('needs the word on how its images lay', async () => {
    const path = writeNnunetExport(at('nnunet'));
    expect(await refusal(path)).toBe('model/orientation-unknown');
    expect(await refusal(path, { orientation: 'XYZ' })).toBe('argument/orientation');
  });

  it('becomes a pack with its spacing, patch, intensities and classes', async () => {
    const path = writeNnunetExport(at('nnunet'));
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
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
    const plans = JSON.parse(readFileSync(join(path, 'plans.json'), 'utf8'));
    // The network's slowest axis is x: its i, j, k are y, z, x.
    writeFiles(path, { 'plans.json': { ...plans, transpose_forward: [2, 0, 1] } });
    await taken(path);
    expect(manifestOf('Dataset007-Kidney').input.orientation).toBe('ASR');
  });

  it('states the axes of flips that the export states, without left and right where classes have sides', async () => {
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
    const plans = JSON.parse(readFileSync(join(path, 'plans.json'), 'utf8'));
    // Of z, y, x, slowest first.
    writeFiles(path, { 'plans.json': { ...plans, inference_allowed_mirroring_axes: [0, 2] } });
    await taken(path);
    expect(manifestOf('Dataset007-Kidney').output.mirrorAxes).toEqual(['k']);
  });

  it('takes codes from a table of TotalSegmentator’s kind', async () => {
    const path = writeNnunetExport(at('nnunet'));
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
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient', changes);
    expect(await refusal(path)).toBe('model/not-understood');
  });
});

describe('an nnU-Net export of several folds', () => {
  const withNetworks = (...names: string[]): string => {
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
    rmSync(join(path, 'model.onnx'));
    for (const [n, name] of names.entries()) writeFiles(path, { [name]: thresholdNetwork(n) });
    return path;
  };

  it('becomes one pack, whose networks stand in the order of the folds', async () => {
    await taken(withNetworks('fold_10/model.onnx', 'fold_2/model.onnx'));
    const { files } = manifestOf('Dataset007-Kidney');
    expect(files.map((file: { name: string }) => file.name)).toEqual(['fold-2.onnx', 'fold-10.onnx']);
    const bytes = readFileSync(inModels('Dataset007-Kidney', 'fold-2.onnx'));
    expect(bytes.equals(thresholdNetwork(1))).toBe(true);
    expect(readFileSync(inModels('Dataset007-Kidney', 'card.md'), 'utf8')).toContain('The 2 folds');
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
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
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
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
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
    const path = writeNnunetExport(at('nnunet'), 'NibabelIOWithReorient');
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
