/**
 * An nnU-Net v2 model exported to ONNX: NAME.onnx beside dataset.json and plans.json. nnU-Net's arrays are [z, y, x] as the image file
 * lies, so the tensor's fastest axis is x; how the training images lay is in neither file, unless the reader turned them (RAS).
 * @see nnU-Net documentation, "dataset_format" and "explanation_plans_files"
 */
import { z } from 'zod';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { hasSides } from '#core/inference/lateralPartners.ts';
import type { Normalisation } from '#core/inference/modelManifest.ts';
import { backgroundClass, type CodedClass, codedClass } from './classTerms.ts';
import { type ForeignModel, type ImportHints, idOf } from './foreignModel.ts';

const size = z.int().positive();
const triple = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

const mirroringAxes = z.array(z.int().min(0).max(2)).nullish();

const datasetFile = z.object({
  channel_names: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.union([z.int(), z.array(z.int())])),
  name: z.string().optional(),
  numTraining: z.int().optional(),
  licence: z.string().optional(),
  license: z.string().optional(),
  reference: z.string().optional(),
});

const configuration = z.object({
  patch_size: z.tuple([size, size, size]),
  spacing: triple,
  /** Of the tensor, slowest axis first; in the checkpoint, and only where an exporter copied it in the files. */
  inference_allowed_mirroring_axes: mirroringAxes,
  normalization_schemes: z.array(z.string()),
  use_mask_for_norm: z.array(z.boolean()).optional(),
});

const plansFile = z.object({
  dataset_name: z.string(),
  image_reader_writer: z.string().optional(),
  inference_allowed_mirroring_axes: mirroringAxes,
  transpose_forward: z.tuple([z.int(), z.int(), z.int()]).default([0, 1, 2]),
  configurations: z.record(z.string(), z.looseObject({})),
  foreground_intensity_properties_per_channel: z
    .record(
      z.string(),
      z.object({ mean: z.number(), std: z.number(), percentile_00_5: z.number(), percentile_99_5: z.number() }),
    )
    .optional(),
});

/** @throws model/not-understood, model/orientation-unknown */
export function nnunetModel(
  dataset: unknown,
  plans: unknown,
  networkPath: string,
  { orientation, codes }: ImportHints,
): ForeignModel {
  const { channel_names, labels, name, numTraining, licence, license, reference } = parsed(
    datasetFile,
    dataset,
    'dataset.json',
  );
  const plan = parsed(plansFile, plans, 'plans.json');
  const channels = Object.values(channel_names);
  const [channel = ''] = channels;
  if (channels.length !== 1) throw notUnderstood(`it reads ${channels.length} images at once`);
  const full = parsed(configuration, plan.configurations['3d_fullres'], 'plans.json, 3d_fullres');
  const axes = axesOf(plan.transpose_forward, orientation ?? ownOrientation(plan.image_reader_writer));
  const modality = /^ct$/i.test(channel) ? 'CT' : /^pe?t$/i.test(channel) ? 'PT' : 'MR';
  const title = name ?? plan.dataset_name;
  const coded = classesOf(labels, codes);
  const mirrored = full.inference_allowed_mirroring_axes ?? plan.inference_allowed_mirroring_axes;
  return {
    networkPath,
    manifest: {
      id: idOf(title),
      name: title.slice(0, 200),
      version: '1.0.0',
      licence: licence ?? license ?? 'Not stated in the export; ask its makers before use.',
      intendedUse: 'As its makers state; nothing is known to this program. Not for diagnosis.',
      demonstrationOnly: false,
      modality,
      input: {
        channels: [{ name: channel }],
        orientation: axes,
        spacingMm: reversed(full.spacing),
        normalisation: normalisationOf(full, plan.foreground_intensity_properties_per_channel?.['0']),
        grid: null,
        multipleOf: 1,
        padValue: 0,
      },
      window: { size: reversed(full.patch_size), overlap: 0.5, blending: 'gaussian' },
      output: {
        kind: 'semantic',
        activation: 'softmax',
        threshold: 0.5,
        ...(mirrored && { mirrorAxes: mirrorAxesOf(mirrored, axes, coded) }),
      },
      training: {
        population: `${channel} of the dataset “${title}”; nothing more is stated in the export.`,
        cases: numTraining ?? null,
        source: reference || `nnU-Net export “${plan.dataset_name}”`,
      },
      metrics: [],
    },
    classes: coded,
    origin: `an nnU-Net export (3d_fullres of “${plan.dataset_name}”)`,
    limits: [
      'nnU-Net crops images to what is not 0 before it normalises; this program does not.',
      'One network of the export is used, without the other folds; test-time flips only where they are asked for.',
    ],
  };
}

/** nnU-Net flips without exchanging classes, so where classes have sides the axis between them is left out. */
function mirrorAxesOf(
  mirrored: readonly number[],
  orientation: string,
  classes: readonly CodedClass[],
): ('i' | 'j' | 'k')[] {
  const isLateral = (axis: number): boolean => 'LR'.includes(orientation[axis] ?? '?');
  const axes = [...new Set(mirrored.map((axis) => 2 - axis))].sort();
  return axes
    .filter((axis) => !(isLateral(axis) && hasSides(classes)))
    .flatMap((axis) => (['i', 'j', 'k'] as const)[axis] ?? []);
}

function classesOf(labels: Readonly<Record<string, number | number[]>>, codes: ImportHints['codes']): CodedClass[] {
  const entries = Object.entries(labels).filter(([name]) => name !== 'ignore');
  if (entries.some(([, value]) => Array.isArray(value))) throw notUnderstood('its labels are overlapping regions');
  const sorted = entries.map(([name, value]) => ({ name, value: value as number })).sort((a, b) => a.value - b.value);
  if (sorted.some(({ value }, n) => value !== n)) throw notUnderstood('its labels are not numbered 0, 1, 2, …');
  return sorted.map(({ name, value }) => (value === 0 ? backgroundClass() : codedClass(value, name, null, codes)));
}

type Properties = { mean: number; std: number; percentile_00_5: number; percentile_99_5: number } | undefined;

function normalisationOf(full: z.infer<typeof configuration>, properties: Properties): Normalisation {
  const [scheme = ''] = full.normalization_schemes;
  switch (scheme) {
    case 'CTNormalization': {
      if (!properties) throw notUnderstood('the intensities of its training data are not in plans.json');
      const { mean, std, percentile_00_5, percentile_99_5 } = properties;
      return { kind: 'fixed-z-score', lower: percentile_00_5, upper: percentile_99_5, mean, deviation: std };
    }
    case 'ZScoreNormalization':
      return { kind: 'z-score', over: full.use_mask_for_norm?.[0] ? 'nonzero' : 'volume' };
    case 'RescaleTo01Normalization':
      return { kind: 'min-max' };
    case 'NoNormalization':
      return { kind: 'none' };
    default:
      throw notUnderstood(`its intensities are scaled by “${scheme}”`);
  }
}

/** Only one of nnU-Net's readers turns what it reads. */
function ownOrientation(reader: string | undefined): string {
  if (reader === 'NibabelIOWithReorient') return 'RAS';
  throw new LanternError(
    'model/orientation-unknown',
    'An nnU-Net export does not say how its training images lay, and a wrong guess would mirror every mask.',
    'Ask the model’s makers and add, say, --orientation RAS: where i, j and k of the images grow to.',
  );
}

/** @param transpose nnU-Net's order of [z, y, x] for the network @returns the letters of the tensor's i, j, k */
function axesOf(transpose: readonly [number, number, number], orientation: string): string {
  const zyx = [...orientation].reverse();
  return transpose
    .map((axis) => zyx[axis] ?? '')
    .reverse()
    .join('');
}

/** plans.json has the network's axes slowest first. */
function reversed([a, b, c]: readonly [number, number, number]): Vector3 {
  return [c, b, a];
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw notUnderstood(`${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not understood'}`);
}

function notUnderstood(why: string): LanternError {
  return new LanternError(
    'model/not-understood',
    `This nnU-Net export cannot be used exactly: ${why}.`,
    'Ask the model’s makers for a model pack, or for an export of a single 3d_fullres network.',
  );
}
