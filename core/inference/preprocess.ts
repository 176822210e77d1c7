/**
 * From a series' volume to what a network reads: orient, resample, normalise, crop, pad, each recorded in the trace.
 * The result's geometry says where every voxel of the network's grid lies in LPS. Next: postprocess.ts, the way back.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';
import { cropRecord, cropVolume, type FloatVolume, padRecord, padVolume } from './cropAndPad.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import type { ModelManifest } from './modelManifest.ts';
import { normaliseRecord, normaliseScalars } from './normalise.ts';
import { orientRecord, orientVolume } from './orient.ts';
import { resampleRecord, resampleVolume } from './resample.ts';
import type { Trace, TraceStep } from './trace.ts';

export interface Preprocessed {
  readonly volume: FloatVolume;
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
}

/**
 * @param allocate gives the memory for the normalised volume, whatever it holds
 * @returns the volume on the network's grid
 * @throws model/non-finite-input, model/uniform-input
 */
export function preprocess(
  input: Volume,
  manifest: Pick<ModelManifest, 'input' | 'window'>,
  allocate = (length: number): Float32Array => new Float32Array(length),
): Preprocessed {
  const orient = orientRecord(input.geometry, manifest.input.orientation);
  const steps: Exclude<TraceStep, typeof orient>[] = [];
  const warnings: InferenceWarning[] = [];

  let volume = orientVolume(input, orient);
  const resample = manifest.input.spacingMm && resampleRecord(volume.geometry, manifest.input.spacingMm);
  if (resample) {
    volume = resampleVolume(volume, resample);
    steps.push(resample);
  }
  const normalise = normaliseRecord(volume.scalars, manifest.input.normalisation);
  steps.push(normalise);
  let floats: FloatVolume = {
    geometry: volume.geometry,
    scalars: normaliseScalars(volume.scalars, normalise, allocate(volume.scalars.length)),
  };
  const grid = networkGrid(floats.geometry.size, manifest);
  const crop = cropRecord(floats.geometry.size, grid);
  if (crop) {
    floats = cropVolume(floats, crop);
    steps.push(crop);
    warnings.push({
      code: 'model/cropped',
      message: `The model reads ${grid.join(' × ')} voxels around the centre; what lies outside of them was not looked at.`,
    });
  }
  const pad = padRecord(floats.geometry.size, grid, manifest.input.padValue);
  if (pad) {
    floats = padVolume(floats, pad);
    steps.push(pad);
  }
  if (manifest.input.grid && (resample || pad)) {
    const from = input.geometry;
    warnings.push({
      code: 'model/brought-to-grid',
      message:
        `The model reads ${grid.join(' × ')} voxels; the series has ${from.size.join(' × ')} of ` +
        `${from.spacingMm.map((mm) => Number(mm.toFixed(3))).join(' × ')} mm and was ${resample ? 'resampled' : 'padded'} ` +
        'for it. The mask is on the series’ own grid.',
    });
  }
  return { volume: floats, trace: [orient, ...steps], warnings };
}

/** @param size after resampling @returns the size that the network's grid has for it */
export function networkGrid(size: Vector3, { input, window }: Pick<ModelManifest, 'input' | 'window'>): Vector3 {
  if (input.grid) return input.grid;
  const padded = (axis: 0 | 1 | 2): number => {
    const least = Math.max(size[axis], window.size?.[axis] ?? 1);
    return Math.ceil(least / input.multipleOf) * input.multipleOf;
  };
  return [padded(0), padded(1), padded(2)];
}
