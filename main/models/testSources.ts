/** Writes foreign models for tests: folders as a USB stick would hold them, and .zip files of them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { regionsNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';

export function writeFiles(folder: string, files: Readonly<Record<string, string | object | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const isBytes = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(file, isBytes ? content : JSON.stringify(content));
  }
  return folder;
}

/** @param changes to plans.json's 3d_fullres */
export function writeNnunetExport(folder: string, reader = 'SimpleITKIO', changes: object = {}): string {
  return writeFiles(folder, {
    'model.onnx': thresholdNetwork(0),
    'dataset.json': {
      channel_names: { 0: 'CT' },
      labels: { background: 0, kidney_right: 1 },
      name: 'Dataset007 Kidney',
      numTraining: 40,
      licence: 'CC BY 4.0',
    },
    'plans.json': {
      dataset_name: 'Dataset007_Kidney',
      image_reader_writer: reader,
      transpose_forward: [0, 1, 2],
      configurations: {
        '2d': { patch_size: [256, 256] },
        '3d_fullres': {
          patch_size: [16, 24, 32],
          spacing: [3, 2, 1],
          normalization_schemes: ['CTNormalization'],
          use_mask_for_norm: [false],
          ...changes,
        },
      },
      foreground_intensity_properties_per_channel: {
        0: { mean: 100, std: 50, percentile_00_5: -50, percentile_99_5: 300, median: 99, min: -900, max: 900 },
      },
    },
  });
}

/** @param config further entries of configs/inference.json */
export function writeMonaiBundle(folder: string, transforms: readonly object[], config: object = SOFTMAX): string {
  const shape = { type: 'image', num_channels: 1, spatial_shape: [32, 24, 16], channel_def: { 0: 'image' } };
  return writeFiles(folder, {
    'models/model.onnx': thresholdNetwork(0.5),
    'configs/metadata.json': {
      version: '0.3.1',
      name: 'Spleen CT',
      intended_use: 'Research.',
      copyright: 'Copyright (c) its makers',
      description: 'Trained on spleens.',
      network_data_format: {
        inputs: { image: { ...shape, modality: 'CT' } },
        outputs: { pred: { ...shape, num_channels: 2, channel_def: { 0: 'background', 1: 'spleen' } } },
      },
    },
    'configs/inference.json': { preprocessing: { _target_: 'Compose', transforms }, ...config },
  });
}

const SOFTMAX = {
  postprocessing: {
    _target_: 'Compose',
    transforms: [
      { _target_: 'Activationsd', keys: 'pred', softmax: true },
      { _target_: 'Invertd', keys: 'pred', transform: '@preprocessing', orig_keys: 'image' },
      { _target_: 'AsDiscreted', keys: 'pred', argmax: true },
      { _target_: 'SaveImaged', keys: 'pred' },
    ],
  },
};

/** As the bundle of MONAI's model zoo for BraTS: four images, three regions that share voxels. @param changes to the metadata's image */
export function writeBratsBundle(folder: string, changes: object = {}): string {
  const shape = { type: 'image', spatial_shape: ['8*n', '8*n', '8*n'] };
  const images = { 0: 'T1c', 1: 'T1', 2: 'T2', 3: 'FLAIR' };
  const regions = { 0: 'Tumor core', 1: 'Whole tumor', 2: 'Enhancing tumor' };
  return writeFiles(folder, {
    'models/model.onnx': regionsNetwork([2, 1, 3], 4),
    'configs/metadata.json': {
      version: '0.3.0',
      task: 'Multimodal Brain Tumor segmentation',
      network_data_format: {
        inputs: { image: { ...shape, modality: 'MR', num_channels: 4, channel_def: images, ...changes } },
        outputs: { pred: { ...shape, num_channels: 3, channel_def: regions } },
      },
    },
    'configs/inference.json': {
      image: 'image',
      roi: [24, 24, 16],
      preprocessing: {
        _target_: 'Compose',
        transforms: [
          { _target_: 'LoadImaged', keys: '@image' },
          { _target_: 'NormalizeIntensityd', keys: '@image', nonzero: true, channel_wise: true },
        ],
      },
      inferer: { _target_: 'SlidingWindowInferer', roi_size: '@roi', sw_batch_size: 1, overlap: 0.5 },
      postprocessing: {
        _target_: 'Compose',
        transforms: [
          { _target_: 'Activationsd', keys: 'pred', sigmoid: true },
          { _target_: 'Invertd', keys: 'pred', transform: '@preprocessing', orig_keys: 'image' },
          { _target_: 'AsDiscreted', keys: 'pred', threshold: 0.5 },
          { _target_: 'Lambdad', keys: 'pred', func: '$lambda x: x' },
          { _target_: 'SaveImaged', keys: 'pred' },
        ],
      },
    },
  });
}

export const SPLEEN_TRANSFORMS = [
  { _target_: 'LoadImaged', keys: 'image' },
  { _target_: 'EnsureChannelFirstd', keys: 'image' },
  { _target_: 'Orientationd', keys: 'image', axcodes: 'RAS' },
  { _target_: 'Spacingd', keys: 'image', pixdim: [1, 2, 3], mode: 'bilinear' },
  { _target_: 'ScaleIntensityRanged', keys: 'image', a_min: -57, a_max: 164, b_min: 0, b_max: 1, clip: true },
  { _target_: 'EnsureTyped', keys: 'image' },
];

/** Every file of a folder under `prefix`, as an archive. */
export function zipOf(folder: string, prefix = ''): Uint8Array {
  const entries: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    entries[prefix + path.slice(folder.length + 1)] = readFileSync(path);
  }
  return zipSync(entries);
}
