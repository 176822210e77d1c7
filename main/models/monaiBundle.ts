/**
 * A MONAI bundle with an ONNX network: configs/metadata.json says what goes in and out, configs/inference.json (monaiInference.ts) what
 * happens around the network. MONAI's arrays are [x, y, z] with z fastest, so every list of three is turned round.
 * @see MONAI documentation, "MONAI Bundle Specification"
 */
import { z } from 'zod';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelInput, ModelWindow } from '#core/inference/modelManifest.ts';
import { backgroundClass, type CodedClass, codedClass } from './classTerms.ts';
import { type ForeignModel, type ImportHints, idOf, orientationStated, versionOf } from './foreignModel.ts';
import { notUnderstood, outputOf, preparationOf, windowOf } from './monaiInference.ts';

const image = z.object({
  modality: z.string().optional(),
  num_channels: z.int().min(1).max(1000),
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
  const preparation = preparationOf(inference, input.num_channels);
  const decided = outputOf(inference, output.num_channels);
  const title = about.name ?? about.task ?? 'MONAI bundle';
  const window = windowOf(inference) ?? statedWindow(input.spatial_shape);
  const modality = modalityOf(input.modality);
  return {
    folds: [{ path: networkPath, number: null }],
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
        channels: channelsOf(input),
        orientation: turned(statedOrientation(preparation.orientation, orientation)),
        spacingMm: preparation.spacingMm,
        normalisation: preparation.normalisation,
        grid: null,
        multipleOf: window.size ? 1 : stepOfSizes(input.spatial_shape),
        padValue: 0,
      } satisfies ModelInput,
      window,
      output: { kind: 'semantic', ...decided },
      training: {
        population: about.description?.slice(0, 2000) || 'Not stated in the bundle.',
        cases: null,
        source: about.data_source?.slice(0, 2000) || 'MONAI bundle',
      },
      metrics: [],
    },
    classes: classesOf(output, decided, codes),
    origin: `the MONAI bundle “${title}”`,
    limits: [
      'Only what metadata.json and inference.json state was taken over; the bundle’s own code was not run.',
      ...(preparation.scalesFirst
        ? ['The bundle scales intensities before it resamples voxels; this program does so afterwards.']
        : []),
    ],
  };
}

/** A network of one image is named after its modality; of several each must have a name, by which a person finds its series. */
function channelsOf({ num_channels, modality, channel_def }: z.infer<typeof image>): ModelInput['channels'] {
  if (num_channels === 1) return [{ name: modality ?? 'image' }];
  const names = Array.from({ length: num_channels }, (_, n) => channel_def?.[String(n)]?.trim() ?? '');
  if (names.includes('') || new Set(names).size !== names.length) {
    throw notUnderstood(`it reads ${num_channels} images at once and does not name each`);
  }
  return names.map((name) => ({ name }));
}

function classesOf(
  { num_channels, channel_def }: z.infer<typeof image>,
  { overlapping }: ReturnType<typeof outputOf>,
  codes: ImportHints['codes'],
): CodedClass[] {
  const standAlone = overlapping === true || num_channels === 1;
  if (standAlone && Object.values(channel_def ?? {}).some((name) => /^background$/i.test(name.trim()))) {
    throw notUnderstood('its background is a region of its own');
  }
  return standAlone ? named(1) : [backgroundClass(), ...named(0).slice(1)];

  /** @param first value of the first channel */
  function named(first: 0 | 1): CodedClass[] {
    return Array.from({ length: num_channels }, (_, channel) => {
      const value = channel + first;
      return codedClass(value, channel_def?.[String(channel)] ?? `Class ${value}`, null, codes);
    });
  }
}

/** "8*n": any multiple of 8. Where no axis says so, 16, which suits networks that halve their grid four times. */
function stepOfSizes(shape: readonly (number | string)[] = []): number {
  const steps = shape.flatMap((n) => /^(\d+) ?\* ?n$/.exec(String(n))?.[1] ?? []);
  return steps.length > 0 ? Math.max(...steps.map(Number)) : 16;
}

function statedWindow(shape: readonly (number | string)[] | undefined): ModelWindow {
  const sizes = shape?.filter((n) => typeof n === 'number');
  if (sizes?.length !== 3) return { size: null, overlap: 0, blending: 'constant' };
  return { size: [sizes[2]!, sizes[1]!, sizes[0]!], overlap: 0.5, blending: 'gaussian' };
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

/** @param own what the bundle says @param hint what a person says */
function statedOrientation(own: string | null, hint: string | null): string {
  if (own === null) return hint ?? unknownOrientation();
  if (hint !== null && hint !== own.toUpperCase()) throw orientationStated(own);
  return own;
}

function unknownOrientation(): never {
  throw new LanternError(
    'model/orientation-unknown',
    'The bundle does not say how its images must lie, and a wrong guess would mirror every mask.',
    'Ask the model’s makers and add, say, --orientation RAS: where x, y and z of the images grow to.',
  );
}
