/**
 * An nnU-Net v2 model exported to ONNX: NAME.onnx, or one for each fold, beside dataset.json and plans.json. nnU-Net's arrays are
 * [z, y, x] as the image file lies, so the tensor's fastest axis is x; how the training images lay is in neither file, unless the reader
 * turned them (RAS).
 * @see nnU-Net documentation, "dataset_format" and "explanation_plans_files"
 */
import { z } from 'zod';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { hasSides } from '#core/inference/lateralPartners.ts';
import type { ModelSpacing, Normalisation } from '#core/inference/modelManifest.ts';
import { backgroundClass, type CodedClass, codedClass } from './classTerms.ts';
import { type ForeignModel, type ImportHints, idOf, orientationStated } from './foreignModel.ts';

const size = z.int().positive();
const mm = z.number().positive();

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

const scaling = {
  /** Of the tensor, slowest axis first; in the checkpoint, and only where an exporter copied it in the files. */
  inference_allowed_mirroring_axes: mirroringAxes,
  normalization_schemes: z.array(z.string()),
  use_mask_for_norm: z.array(z.boolean()).optional(),
};
/** Axes of the network, slowest first. */
const ofVolumes = z.object({ ...scaling, patch_size: z.tuple([size, size, size]), spacing: z.tuple([mm, mm, mm]) });
const ofSlices = z.object({ ...scaling, patch_size: z.tuple([size, size]), spacing: z.tuple([mm, mm]) });

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

/**
 * @param rank dimensions of the network's input, 4 for a network of slices; null where it does not say
 * @throws model/not-understood, model/orientation-unknown
 */
export function nnunetModel(
  dataset: unknown,
  plans: unknown,
  { folds, rank }: Pick<ForeignModel, 'folds'> & { readonly rank: number | null },
  { orientation, codes }: ImportHints,
): ForeignModel {
  const { channel_names, labels, name, numTraining, licence, license, reference } = parsed(
    datasetFile,
    dataset,
    'dataset.json',
  );
  const plan = parsed(plansFile, plans, 'plans.json');
  const images = Object.values(channel_names);
  if (images.length === 0) throw notUnderstood('it names no image that it reads');
  if (new Set(images).size !== images.length) throw notUnderstood('two of its images have one name');
  const isFlat = rank === 4 || (rank === null && !plan.configurations['3d_fullres']);
  const configured = isFlat ? '2d' : '3d_fullres';
  const { grid, scheme } = isFlat ? slices(plan.configurations['2d']) : volumes(plan.configurations['3d_fullres']);
  const scaled = images.map((image, c) => ({
    name: image,
    normalisation: normalisationOf(scheme, c, plan.foreground_intensity_properties_per_channel?.[String(c)]),
  }));
  const [{ normalisation }] = scaled as [(typeof scaled)[number]];
  const axes = axesOf(plan.transpose_forward, ownOrientation(plan.image_reader_writer, orientation));
  const modalities = new Set(images.map(modalityOf));
  const [modality = 'any'] = modalities.size === 1 ? modalities : [];
  const title = name ?? plan.dataset_name;
  const { coded, areRegions } = classesOf(labels, codes);
  const mirrored = scheme.inference_allowed_mirroring_axes ?? plan.inference_allowed_mirroring_axes;
  return {
    folds,
    manifest: {
      id: idOf(title),
      name: title.slice(0, 200),
      version: '1.0.0',
      licence: licence ?? license ?? 'Not stated in the export; ask its makers before use.',
      intendedUse: 'As its makers state; nothing is known to this program. Not for diagnosis.',
      demonstrationOnly: false,
      modality,
      input: {
        channels: images.length === 1 ? images.map((image) => ({ name: image })) : scaled,
        ...(isFlat && { dimensions: 2 as const }),
        orientation: axes,
        spacingMm: grid.spacingMm,
        normalisation,
        grid: null,
        multipleOf: 1,
        padValue: 0,
      },
      window: { size: grid.patch, overlap: 0.5, blending: 'gaussian' },
      output: {
        kind: 'semantic',
        activation: areRegions ? 'sigmoid' : 'softmax',
        threshold: 0.5,
        ...(areRegions && { overlapping: true }),
        ...(mirrored && { mirrorAxes: mirrorAxesOf(mirrored, isFlat ? 2 : 3, axes, coded) }),
      },
      training: {
        population: `${images.join(', ')} of the dataset “${title}”; nothing more is stated in the export.`,
        cases: numTraining ?? null,
        source: reference || `nnU-Net export “${plan.dataset_name}”`,
      },
      metrics: [],
    },
    classes: coded,
    origin: `an nnU-Net export (${configured} of “${plan.dataset_name}”)`,
    limits: [
      'nnU-Net crops images to what is not 0 in any of them, holes included, before it normalises; this program does not.',
      folds.length > 1
        ? `The ${folds.length} folds that the export holds answer together: the mean of their probabilities, where nnU-Net has that of their scores; test-time flips only where they are asked for.`
        : 'One network of the export is used, without the other folds; test-time flips only where they are asked for.',
    ],
  };
}

/** nnU-Net flips without exchanging classes, so where classes have sides the axis between them is left out. */
function mirrorAxesOf(
  mirrored: readonly number[],
  dimensions: 2 | 3,
  orientation: string,
  classes: readonly CodedClass[],
): ('i' | 'j' | 'k')[] {
  const isLateral = (axis: number): boolean => 'LR'.includes(orientation[axis] ?? '?');
  const axes = [...new Set(mirrored.map((axis) => dimensions - 1 - axis).filter((axis) => axis >= 0))].sort();
  return axes
    .filter((axis) => !(isLateral(axis) && hasSides(classes)))
    .flatMap((axis) => (['i', 'j', 'k'] as const)[axis] ?? []);
}

interface Classes {
  readonly coded: CodedClass[];
  /** Each is decided on its own, and they may share voxels: nnU-Net's region-based training. */
  readonly areRegions: boolean;
}

/**
 * Where one label is a list of several values, the network has a channel for each entry but the background, in the file's order.
 * @see nnU-Net, LabelManager
 */
function classesOf(labels: Readonly<Record<string, number | number[]>>, codes: ImportHints['codes']): Classes {
  const entries = Object.entries(labels).flatMap(([name, value]) =>
    name === 'ignore' ? [] : [{ name, values: [value].flat() }],
  );
  if (!entries.some(({ values }) => values.length > 1)) {
    const plain = entries.map(({ name, values: [value = Number.NaN] }) => ({ name, value }));
    return { coded: labelClasses(plain, codes), areRegions: false };
  }
  // JSON's own order is lost for names that are numbers, and with it which channel is which.
  if (entries.some(({ name }) => /^\d+$/.test(name))) throw notUnderstood('the names of its regions are numbers');
  const regions = entries.filter(({ values }) => values.some((value) => value !== 0));
  return { coded: regions.map(({ name }, n) => codedClass(n + 1, name, null, codes)), areRegions: true };
}

function labelClasses(
  labels: readonly { readonly name: string; readonly value: number }[],
  codes: ImportHints['codes'],
): CodedClass[] {
  const sorted = [...labels].sort((a, b) => a.value - b.value);
  if (sorted.some(({ value }, n) => value !== n)) throw notUnderstood('its labels are not numbered 0, 1, 2, …');
  return sorted.map(({ name, value }) => (value === 0 ? backgroundClass() : codedClass(value, name, null, codes)));
}

interface Grid {
  readonly patch: Vector3;
  readonly spacingMm: ModelSpacing;
}

function volumes(configuration: unknown): { grid: Grid; scheme: Scheme } {
  const scheme = parsed(ofVolumes, configuration, 'plans.json, 3d_fullres');
  return { grid: { patch: reversed(scheme.patch_size), spacingMm: reversed(scheme.spacing) }, scheme };
}

/** nnU-Net makes no slices and merges none for its networks of slices. */
function slices(configuration: unknown): { grid: Grid; scheme: Scheme } {
  const scheme = parsed(ofSlices, configuration, 'plans.json, 2d');
  const [rows, columns] = scheme.patch_size;
  const [down, across] = scheme.spacing;
  return { grid: { patch: [columns, rows, 1], spacingMm: [across, down, null] }, scheme };
}

function modalityOf(image: string): 'CT' | 'PT' | 'MR' {
  if (/^ct$/i.test(image)) return 'CT';
  return /^pe?t$/i.test(image) ? 'PT' : 'MR';
}

type Scheme = {
  readonly normalization_schemes: string[];
  readonly use_mask_for_norm?: boolean[] | undefined;
  readonly inference_allowed_mirroring_axes?: number[] | null | undefined;
};
type Properties = { mean: number; std: number; percentile_00_5: number; percentile_99_5: number } | undefined;

function normalisationOf(full: Scheme, channel: number, properties: Properties): Normalisation {
  const scheme = full.normalization_schemes[channel] ?? '';
  switch (scheme) {
    case 'CTNormalization': {
      if (!properties) throw notUnderstood('the intensities of its training data are not in plans.json');
      const { mean, std, percentile_00_5, percentile_99_5 } = properties;
      return { kind: 'fixed-z-score', lower: percentile_00_5, upper: percentile_99_5, mean, deviation: std };
    }
    case 'ZScoreNormalization':
      return { kind: 'z-score', over: full.use_mask_for_norm?.[channel] ? 'nonzero' : 'volume' };
    case 'RescaleTo01Normalization':
      return { kind: 'min-max' };
    case 'NoNormalization':
      return { kind: 'none' };
    default:
      throw notUnderstood(`its intensities are scaled by “${scheme}”`);
  }
}

/** Only one of nnU-Net's readers turns what it reads. */
function ownOrientation(reader: string | undefined, hint: string | null): string {
  if (reader === 'NibabelIOWithReorient') {
    if (hint !== null && hint !== 'RAS') throw orientationStated('RAS');
    return 'RAS';
  }
  if (hint !== null) return hint;
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
    'Ask the model’s makers for a model pack, or for an export of a single 3d_fullres or 2d network.',
  );
}
