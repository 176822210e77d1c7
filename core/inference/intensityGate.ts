/** Compares what a network would see with the intensities of its training images, where its pack states them. */
import type { Volume } from '../volume/volume.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import type { ModelManifest } from './modelManifest.ts';
import { normaliseRecord, normaliseScalars } from './normalise.ts';

/** So many voxels, evenly taken, give a percentile. */
const SAMPLES = 100_000;
/** How far outside a percentile may lie, as a share of the training images' whole spread: other scanners are a little different. */
const TOLERANCE = 0.15;

/** @throws model/non-finite-input, model/uniform-input (the run would stop there too) */
export function intensityGate(manifest: ModelManifest, { scalars }: Volume): InferenceWarning[] {
  const { intensity } = manifest.training;
  if (!intensity) return [];
  const record = normaliseRecord(scalars, manifest.input.normalisation);
  const step = Math.max(1, Math.floor(scalars.length / SAMPLES));
  const sampled = Float32Array.from({ length: Math.floor(scalars.length / step) }, (_, n) => scalars[n * step]!);
  const sorted = normaliseScalars(sampled, record).sort();
  const spread = Math.max(...intensity.map(({ most }) => most)) - Math.min(...intensity.map(({ least }) => least));
  const outside = intensity
    .map((range) => {
      const value = sorted[Math.round((range.percent / 100) * (sorted.length - 1))] ?? 0;
      return { ...range, value, by: Math.max(range.least - value, value - range.most) };
    })
    .filter(({ by }) => by > TOLERANCE * spread)
    .sort((a, b) => b.by - a.by);
  const [worst] = outside;
  if (!worst) return [];
  const [value, least, most] = [worst.value, worst.least, worst.most].map((x) => x.toFixed(2));
  const message =
    `The brightness of this series is unlike that of the images that “${manifest.name}” was trained on (scaled for it, percentile ` +
    `${worst.percent} lies at ${value}, in training from ${least} to ${most}): another kind of image, another part of the body, or too much around it.`;
  return [{ code: 'model/unlike-training', message }];
}
