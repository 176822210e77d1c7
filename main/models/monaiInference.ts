/**
 * What a MONAI bundle's configs/inference.json says of the way around its network: how images are prepared, in which windows they are
 * read, how scores become a mask. Every entry is a class by name with its arguments; "@name" stands for another entry, and what begins
 * with "$" is Python, which is not run. What this program can't do exactly is refused by name.
 * @see MONAI documentation, "MONAI Bundle Configuration"; of each transform, "Transforms"
 */
import { z } from 'zod';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import type { ModelOutput, ModelWindow, Normalisation } from '#core/inference/modelManifest.ts';

export interface Preparation {
  /** As MONAI's axcodes, of x, y, z. */
  readonly orientation: string | null;
  /** Along z, y, x. */
  readonly spacingMm: Vector3 | null;
  readonly normalisation: Normalisation;
  /** Whether intensities are scaled before voxels are resampled. */
  readonly scalesFirst: boolean;
}

type Config = Readonly<Record<string, unknown>>;
type Step = { readonly name: string; readonly settings: Config };

/** Transforms that load, or change nothing that this program does otherwise. */
const HARMLESS = new Set([
  'LoadImaged',
  'EnsureChannelFirstd',
  'EnsureTyped',
  'AddChanneld',
  'ToTensord',
  'CastToTyped',
]);
/** Transforms after the network that bring the mask back and keep it. */
const WAY_BACK = new Set(['Invertd', 'SaveImaged', 'EnsureTyped', 'ToTensord', 'SqueezeDimd', 'CopyItemsd']);
/** MONAI's own default. */
const OVERLAP = 0.25;

/** @param channels images that the network reads @throws model/not-understood */
export function preparationOf(inference: unknown, channels: number): Preparation {
  const steps = stepsOf(configOf(inference), 'preprocessing');
  if (!steps) throw notUnderstood('configs/inference.json does not list how images are prepared');
  let orientation: string | null = null;
  let spacingMm: Vector3 | null = null;
  let normalisation: Normalisation | null = null;
  let scalesFirst = false;
  for (const { name, settings } of steps) {
    if (HARMLESS.has(name)) {
      requireFloats({ name, settings });
      continue;
    }
    if (name === 'Orientationd') {
      if ((settings['labels'] ?? null) !== null)
        throw notUnderstood('“Orientationd” has names of its own for directions');
      // Along which of the file's axes a spacing stated before was meant would not be known.
      if (orientation !== null || spacingMm) throw notUnderstood('it turns images twice, or after it resamples them');
      orientation = axcodesOf(settings['axcodes']);
    } else if (name === 'Spacingd') {
      if (spacingMm) throw notUnderstood('it resamples images twice');
      spacingMm = pixdimOf(settings['pixdim']);
      scalesFirst = normalisation !== null;
    } else {
      if (normalisation) throw notUnderstood(`it scales intensities twice, the second time with “${name}”`);
      normalisation = normalisationOf({ name, settings }, channels);
    }
  }
  return { orientation, spacingMm, normalisation: normalisation ?? { kind: 'none' }, scalesFirst };
}

/** @returns null where the bundle does not say @throws model/not-understood */
export function windowOf(inference: unknown): ModelWindow | null {
  const inferer = resolved(configOf(inference), 'inferer');
  if (inferer === undefined) return null;
  const { name, settings } = stepOf(inferer);
  if (name === 'SimpleInferer') return { size: null, overlap: 0, blending: 'constant' };
  if (name !== 'SlidingWindowInferer') throw notUnderstood(`it reads images with “${name}”`);
  const voxels = z.int().min(1).max(4096);
  const size = z.tuple([voxels, voxels, voxels]).safeParse(settings['roi_size']);
  if (!size.success) throw notUnderstood('the window of “SlidingWindowInferer” is not three numbers');
  const [x, y, z_] = size.data;
  const overlap = z
    .number()
    .min(0)
    .max(0.9)
    .safeParse(settings['overlap'] ?? OVERLAP);
  if (!overlap.success) throw notUnderstood('the overlap of “SlidingWindowInferer” is no share');
  const blending = z.enum(['constant', 'gaussian']).safeParse(settings['mode'] ?? 'constant');
  if ((settings['padding_mode'] ?? 'constant') !== 'constant' || (settings['cval'] ?? 0) !== 0) {
    throw notUnderstood('“SlidingWindowInferer” pads images with something else than 0');
  }
  if (!blending.success) throw notUnderstood('“SlidingWindowInferer” blends its windows in another way');
  return { size: [z_, y, x], overlap: overlap.data, blending: blending.data };
}

/** @param channels of the network's answer @throws model/not-understood */
export function outputOf(inference: unknown, channels: number): Omit<ModelOutput, 'kind'> {
  const steps = stepsOf(configOf(inference), 'postprocessing');
  if (!steps) throw notUnderstood('configs/inference.json does not list how scores become a mask');
  const activations = only(steps, 'Activationsd');
  const decision = only(steps, 'AsDiscreted');
  if (!decision) throw notUnderstood('it does not say from which score on a voxel counts');
  if (activations && steps.indexOf(activations) > steps.indexOf(decision)) {
    throw notUnderstood('it makes probabilities of a mask');
  }
  if ((decision.settings['rounding'] ?? decision.settings['to_onehot'] ?? null) !== null) {
    throw notUnderstood('“AsDiscreted” rounds, or takes masks apart');
  }
  const takesHighest = flag(decision, 'argmax');
  const threshold = decision.settings['threshold'] ?? null;
  if (takesHighest === (threshold !== null))
    throw notUnderstood('it takes not just one: the highest score, or those above one');
  const areRegions = channels > 1 && !takesHighest;
  for (const [n, { name }] of steps.entries()) {
    if (name === 'Activationsd' || name === 'AsDiscreted' || WAY_BACK.has(name)) continue;
    // How the bundle paints decided regions over one another for a file; here each keeps its voxels.
    if (areRegions && name === 'Lambdad' && n > steps.indexOf(decision)) continue;
    throw notUnderstood(`it changes scores or masks with “${name}”`);
  }
  const softmax = activations !== null && flag(activations, 'softmax');
  const sigmoid = activations !== null && flag(activations, 'sigmoid');
  if (softmax && sigmoid) throw notUnderstood('it makes probabilities twice');
  if ((activations?.settings['other'] ?? null) !== null)
    throw notUnderstood('“Activationsd” has a function of its own');
  if (takesHighest) {
    if (channels === 1) throw notUnderstood('it takes the highest of one score');
    // The order of scores is that of their probabilities.
    return { activation: softmax ? 'softmax' : 'none', threshold: 0.5 };
  }
  if (softmax) throw notUnderstood('it takes no class of its softmax');
  const shared = areRegions ? { overlapping: true } : {};
  if (!sigmoid && threshold === 0) return { activation: 'sigmoid', threshold: 0.5, ...shared };
  const stated = z.number().min(0.01).max(0.99).safeParse(threshold);
  if (!stated.success) throw notUnderstood('the threshold of “AsDiscreted” is no number between 0.01 and 0.99');
  return { activation: sigmoid ? 'sigmoid' : 'none', threshold: stated.data, ...shared };
}

function normalisationOf(step: Step, channels: number): Normalisation {
  const { name, settings } = step;
  // Statistics over all images at once are no image's own.
  const requireOwn = (): void => {
    if (channels > 1 && !flag(step, 'channel_wise')) throw notUnderstood(`“${name}” scales its images together`);
  };
  switch (name) {
    case 'ScaleIntensityRanged':
      if (!flag(step, 'clip')) throw notUnderstood('“ScaleIntensityRanged” does not clip');
      return ranged(number(step, 'a_min'), number(step, 'a_max'), number(step, 'b_min'), number(step, 'b_max'));
    case 'ScaleIntensityd': {
      const { minv = 0, maxv = 1, factor = null } = settings;
      if (minv !== 0 || maxv !== 1 || factor !== null) {
        throw notUnderstood('“ScaleIntensityd” does not scale to 0 … 1');
      }
      requireOwn();
      return { kind: 'min-max' };
    }
    case 'NormalizeIntensityd':
      if ((settings['subtrahend'] ?? null) !== null || (settings['divisor'] ?? null) !== null) {
        throw notUnderstood('“NormalizeIntensityd” has numbers of its own');
      }
      requireOwn();
      return { kind: 'z-score', over: flag(step, 'nonzero') ? 'nonzero' : 'volume' };
    default:
      throw notUnderstood(`it prepares images with “${name}”`);
  }
}

/** Values between a and b, clipped, to those between c and d. */
function ranged(a: number, b: number, c: number, d: number): Normalisation {
  if (!(a < b) || !(c < d)) throw notUnderstood('“ScaleIntensityRanged” has a range that is none');
  if (c === 0 && d === 1) return { kind: 'window', lower: a, upper: b };
  const deviation = (b - a) / (d - c);
  return { kind: 'fixed-z-score', lower: a, upper: b, mean: a - c * deviation, deviation };
}

function axcodesOf(value: unknown): string {
  const text = z.string().length(3).safeParse(value);
  if (!text.success) throw notUnderstood('the directions of “Orientationd” are not three letters');
  return text.data;
}

function pixdimOf(value: unknown): Vector3 {
  const mm = z.number().positive();
  const pixdim = z.tuple([mm, mm, mm]).safeParse(value);
  if (!pixdim.success) throw notUnderstood('the spacing of “Spacingd” is not three numbers');
  const [x, y, z_] = pixdim.data;
  return [z_, y, x];
}

/** The type that this program computes with, however it is named; another one would round. */
function requireFloats({ name, settings }: Step): void {
  const type = settings['dtype'] ?? null;
  if (type === null || (typeof type === 'string' && /^\$?(torch\.|np\.|numpy\.)?float32$/.test(type))) return;
  throw notUnderstood(`“${name}” makes other numbers than 32-bit floats of images`);
}

/** A setting that is on or off; what is anything else was to be worked out, and is not off. */
function flag({ name, settings }: Step, key: string): boolean {
  const value = settings[key] ?? false;
  if (typeof value !== 'boolean') throw notUnderstood(`“${key}” of “${name}” is neither true nor false`);
  return value;
}

function number({ name, settings }: Step, key: string): number {
  const value = settings[key];
  if (typeof value !== 'number') throw notUnderstood(`“${name}” has no number “${key}”`);
  return value;
}

/** @returns the one step of this name; null where there is none */
function only(steps: readonly Step[], name: string): Step | null {
  const [step = null, ...others] = steps.filter((one) => one.name === name);
  if (others.length > 0) throw notUnderstood(`it has “${name}” twice`);
  return step;
}

function configOf(inference: unknown): Config {
  const config = z.looseObject({}).safeParse(inference);
  if (!config.success) throw notUnderstood('it has no configs/inference.json');
  return config.data;
}

/** @param part "preprocessing" or "postprocessing" @returns its transforms with their references followed; null where it has none */
function stepsOf(config: Config, part: string): Step[] | null {
  const whole = z.looseObject({ transforms: z.unknown() }).safeParse(resolved(config, part));
  if (whole.success && flag({ name: part, settings: whole.data }, '_disabled_')) return null;
  const listed =
    followed(config, whole.success ? whole.data.transforms : undefined) ?? resolved(config, `${part}_transforms`);
  if (!Array.isArray(listed)) return null;
  const steps = listed.map((entry) => stepOf(withReferences(config, followed(config, entry))));
  return steps.filter((step) => !flag(step, '_disabled_'));
}

function stepOf(entry: unknown): Step {
  const step = z.looseObject({ _target_: z.string() }).safeParse(entry);
  if (!step.success) throw notUnderstood('a transform is not named');
  return { name: step.data._target_.split('.').at(-1) ?? '', settings: step.data };
}

/** An entry of the configuration whose own references are followed one level down. */
function resolved(config: Config, name: string): unknown {
  return withReferences(config, followed(config, config[name]));
}

function withReferences(config: Config, value: unknown): unknown {
  const object = z.record(z.string(), z.unknown()).safeParse(value);
  if (!object.success || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(object.data).map(([key, one]) => [key, followed(config, one)]));
}

/** "@name" and "@name#part" to what they stand for; a reference that leads nowhere stays, and is refused where it is read. */
function followed(config: Config, value: unknown): unknown {
  let at = value;
  for (let steps = 0; steps < 10 && typeof at === 'string' && at.startsWith('@'); steps++) {
    const target = at
      .slice(1)
      .split(/#|::/)
      .reduce<unknown>((part, key) => z.record(z.string(), z.unknown()).safeParse(part).data?.[key], config);
    if (target === undefined) return at;
    at = target;
  }
  return at;
}

export function notUnderstood(why: string): LanternError {
  return new LanternError(
    'model/not-understood',
    `This MONAI bundle cannot be used exactly: ${why}.`,
    'Ask the model’s makers for a model pack.',
  );
}
