/**
 * A MONAI bundle with an ONNX network: configs/metadata.json says what goes in and out, configs/inference.json how images are
 * prepared. MONAI's arrays are [x, y, z] with z fastest, so every list of three is turned round. A transform that this program can't
 * do exactly is refused by name.
 * @see MONAI documentation, "MONAI Bundle Specification"
 */
import { z } from 'zod';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import type { ModelInput, ModelWindow, Normalisation } from '#core/inference/modelManifest.ts';
import { backgroundClass, codedClass } from './classTerms.ts';
import { type ForeignModel, type ImportHints, idOf, versionOf } from './foreignModel.ts';

const image = z.object({
  modality: z.string().optional(),
  num_channels: z.int(),
  spatial_shape: z.array(z.union([z.int(), z.string()])).optional(),
  channel_def: z.record(z.string(), z.string()).optional(),
});
const metadataFile = z.object({
  version: z.union([z.string(), z.number()]).optional(),
  name: z.string().optional(),
  task: z.string().optional(),
  description: z.string().optional(),
  intended_use: z.string().optional(),
  copyright: z.string().optional(),
  license: z.string().optional(),
  data_source: z.string().optional(),
  network_data_format: z.object({
    inputs: z.record(z.string(), image),
    outputs: z.record(z.string(), image),
  }),
});
const transform = z.looseObject({ _target_: z.string() });

/** Transforms that load, or change nothing that this program does otherwise. */
const HARMLESS = new Set([
  'LoadImaged',
  'EnsureChannelFirstd',
  'EnsureTyped',
  'AddChanneld',
  'ToTensord',
  'CastToTyped',
]);

interface Preparation {
  orientation: string | null;
  spacingMm: Vector3 | null;
  normalisation: Normalisation;
}

/** @throws model/not-understood, model/orientation-unknown */
export function monaiModel(
  metadata: unknown,
  inference: unknown,
  networkPath: string,
  { orientation, codes }: ImportHints,
): ForeignModel {
  const result = metadataFile.safeParse(metadata);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw notUnderstood(`metadata.json: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const about = result.data;
  const [input] = Object.values(about.network_data_format.inputs);
  const [output] = Object.values(about.network_data_format.outputs);
  if (!input || !output) throw notUnderstood('its metadata names no input or no output');
  if (input.num_channels !== 1) throw notUnderstood(`it reads ${input.num_channels} images at once`);
  const preparation = preparationOf(inference);
  const title = about.name ?? about.task ?? 'MONAI bundle';
  const window = windowOf(input.spatial_shape);
  const modality = modalityOf(input.modality);
  return {
    networkPath,
    manifest: {
      id: idOf(title),
      name: title.slice(0, 200),
      version: versionOf(about.version),
      licence: (about.license ?? about.copyright ?? 'Not stated in the bundle; ask its makers before use.').slice(
        0,
        2000,
      ),
      intendedUse: (about.intended_use ?? 'Not stated by its makers. Not for diagnosis.').slice(0, 2000),
      demonstrationOnly: false,
      modality,
      input: {
        channels: [{ name: input.modality ?? 'image' }],
        orientation: turned(orientation ?? preparation.orientation ?? unknownOrientation()),
        spacingMm: preparation.spacingMm,
        normalisation: preparation.normalisation,
        grid: null,
        multipleOf: window.size ? 1 : 16,
        padValue: 0,
      } satisfies ModelInput,
      window,
      output: outputOf(output.num_channels),
      training: {
        population: about.description?.slice(0, 2000) || 'Not stated in the bundle.',
        cases: null,
        source: about.data_source?.slice(0, 2000) || 'MONAI bundle',
      },
      metrics: [],
    },
    classes: Array.from({ length: output.num_channels }, (_, channel) => {
      const alone = output.num_channels === 1;
      const value = alone ? 1 : channel;
      if (value === 0) return backgroundClass();
      return codedClass(value, output.channel_def?.[String(channel)] ?? `Class ${value}`, null, codes);
    }),
    origin: `the MONAI bundle “${title}”`,
    limits: ['Only what metadata.json and inference.json state was taken over; the bundle’s own code was not run.'],
  };
}

function outputOf(channels: number): ForeignModel['manifest']['output'] {
  return { kind: 'semantic', activation: channels === 1 ? 'sigmoid' : 'softmax', threshold: 0.5 };
}

function windowOf(shape: readonly (number | string)[] | undefined): ModelWindow {
  const sizes = shape?.filter((n) => typeof n === 'number');
  if (sizes?.length !== 3) return { size: null, overlap: 0, blending: 'constant' };
  return { size: [sizes[2]!, sizes[1]!, sizes[0]!], overlap: 0.5, blending: 'gaussian' };
}

function preparationOf(inference: unknown): Preparation {
  const top = z.looseObject({}).safeParse(inference);
  const found = top.success ? listOf(top.data) : null;
  if (!found) throw notUnderstood('configs/inference.json does not list how images are prepared');
  const preparation: Preparation = { orientation: null, spacingMm: null, normalisation: { kind: 'none' } };
  for (const entry of found) {
    const step = transform.safeParse(entry);
    if (!step.success) throw notUnderstood('a transform is not named');
    apply(preparation, step.data);
  }
  return preparation;
}

function listOf(config: Readonly<Record<string, unknown>>): unknown[] | null {
  const preprocessing = config['preprocessing'];
  const transforms = z.object({ transforms: z.array(z.unknown()) }).safeParse(preprocessing);
  if (transforms.success) return transforms.data.transforms;
  const named = config['preprocessing_transforms'];
  return Array.isArray(named) ? named : null;
}

function apply(preparation: Preparation, step: z.infer<typeof transform>): void {
  const name = step._target_.split('.').at(-1) ?? '';
  const numbers = (key: string): number[] => z.array(z.number()).catch([]).parse(step[key]);
  const number = (key: string): number => {
    const value = step[key];
    if (typeof value !== 'number') throw notUnderstood(`“${name}” has no number “${key}”`);
    return value;
  };
  switch (name) {
    case 'Orientationd':
      preparation.orientation = z.string().catch('').parse(step['axcodes']);
      return;
    case 'Spacingd': {
      const [x, y, z_] = numbers('pixdim');
      if (!x || !y || !z_) throw notUnderstood('the spacing of “Spacingd” is not three numbers');
      preparation.spacingMm = [z_, y, x];
      return;
    }
    case 'ScaleIntensityRanged':
      if (number('b_min') !== 0 || number('b_max') !== 1 || step['clip'] !== true) {
        throw notUnderstood('“ScaleIntensityRanged” does not clip to 0 … 1');
      }
      preparation.normalisation = { kind: 'window', lower: number('a_min'), upper: number('a_max') };
      return;
    case 'ScaleIntensityd':
      preparation.normalisation = { kind: 'min-max' };
      return;
    case 'NormalizeIntensityd':
      if (step['subtrahend'] !== undefined) throw notUnderstood('“NormalizeIntensityd” has numbers of its own');
      preparation.normalisation = { kind: 'z-score', over: step['nonzero'] === true ? 'nonzero' : 'volume' };
      return;
    default:
      if (!HARMLESS.has(name)) throw notUnderstood(`it prepares images with “${name}”`);
  }
}

function modalityOf(text: string | undefined): 'CT' | 'MR' | 'PT' | 'any' {
  if (/^ct/i.test(text ?? '')) return 'CT';
  if (/^mr/i.test(text ?? '')) return 'MR';
  return /^pe?t/i.test(text ?? '') ? 'PT' : 'any';
}

/** MONAI's axes x, y, z to the tensor's i, j, k, of which z is the fastest. */
function turned(axcodes: string): string {
  return [...axcodes].reverse().join('');
}

function unknownOrientation(): never {
  throw new LanternError(
    'model/orientation-unknown',
    'The bundle does not say how its images must lie, and a wrong guess would mirror every mask.',
    'Ask the model’s makers and add, say, --orientation RAS: where x, y and z of the images grow to.',
  );
}

function notUnderstood(why: string): LanternError {
  return new LanternError(
    'model/not-understood',
    `This MONAI bundle cannot be used exactly: ${why}.`,
    'Ask the model’s makers for a model pack.',
  );
}
