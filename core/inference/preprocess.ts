/**
 * From a series' volume to what a network reads: orient, resample, normalise, crop, pad, each recorded in the trace.
 * The result's geometry says where every voxel of the network's grid lies in LPS. Next: postprocess.ts, the way back.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { bringOntoGrid } from './bringOntoGrid.ts';
import { cropRecord, cropVolume, type FloatVolume, padRecord, padVolume } from './cropAndPad.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import { seriesNames } from './inputTensor.ts';
import type { ModelInput, ModelManifest } from './modelManifest.ts';
import { normaliseRecord, normaliseScalars } from './normalise.ts';
import { orientRecord, orientVolume } from './orient.ts';
import { resampleRecord, resampleVolume } from './resample.ts';
import type { OrientRecord, ResampleRecord, Trace, TraceStep } from './trace.ts';

export interface Preprocessed {
  readonly volume: FloatVolume;
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
}

/**
 * @param allocate gives the memory for the normalised volume, whatever it holds
 * @param companions the series of the other channel names, in their order (inputTensor.ts, seriesNames)
 * @returns the volume on the network's grid, one channel after the other
 * @throws model/non-finite-input, model/uniform-input, model/channel-apart, model/channel-missing
 */
export function preprocess(
  input: Volume,
  manifest: Pick<ModelManifest, 'input' | 'window'>,
  allocate = (length: number): Float32Array => new Float32Array(length),
  companions: readonly Volume[] = [],
): Preprocessed {
  const orient = orientRecord(input.geometry, manifest.input.orientation);
  const steps: Exclude<TraceStep, typeof orient>[] = [];
  const warnings: InferenceWarning[] = [];

  const series = seriesOnOneGrid(input, companions, manifest.input, steps);
  let volumes = series.map((volume) => orientVolume(volume, orient));
  const [{ geometry }] = volumes as [Volume];
  const resample = resampleTo(manifest.input, geometry);
  if (resample) {
    volumes = volumes.map((volume) => resampleVolume(volume, resample));
    steps.push(resample);
  }
  let floats = normalised(volumes, manifest.input, allocate, steps);
  const grid = networkGrid(floats.geometry.size, manifest);
  const crop = cropRecord(floats.geometry.size, grid);
  if (crop) {
    floats = eachChannel(floats, (channel) => cropVolume(channel, crop));
    steps.push(crop);
    warnings.push({
      code: 'model/cropped',
      message: `The model reads ${grid.join(' × ')} voxels around the centre; what lies outside of them was not looked at.`,
    });
  }
  const pad = padRecord(floats.geometry.size, grid, manifest.input.padValue);
  if (pad) {
    floats = eachChannel(floats, (channel) => padVolume(channel, pad));
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
  const isFlat = input.dimensions === 2;
  if (input.grid) return isFlat ? [input.grid[0], input.grid[1], size[2]] : input.grid;
  const padded = (axis: 0 | 1 | 2): number => {
    if (axis === 2 && isFlat) return size[2];
    const least = Math.max(size[axis], window.size?.[axis] ?? 1);
    return Math.ceil(least / input.multipleOf) * input.multipleOf;
  };
  return [padded(0), padded(1), padded(2)];
}

type LaterStep = Exclude<TraceStep, OrientRecord>;

function seriesOnOneGrid(
  first: Volume,
  companions: readonly Volume[],
  input: ModelInput,
  steps: LaterStep[],
): readonly Volume[] {
  const names = seriesNames(input);
  if (companions.length + 1 !== names.length) throw channelMissing(names);
  const others = companions.map((companion, n) => {
    const { volume, record } = bringOntoGrid(companion, first.geometry, names[n + 1] ?? '');
    if (record) steps.push(record);
    return volume;
  });
  return [first, ...others];
}

/** An axis whose spacing the manifest leaves open keeps its own. */
function resampleTo({ spacingMm }: ModelInput, { spacingMm: own, size }: VolumeGeometry): ResampleRecord | null {
  if (!spacingMm) return null;
  return resampleRecord({ size, spacingMm: own }, [spacingMm[0], spacingMm[1], spacingMm[2] ?? own[2]]);
}

/** @param volumes by series */
function normalised(
  volumes: readonly Volume[],
  input: ModelInput,
  allocate: (length: number) => Float32Array,
  steps: LaterStep[],
): FloatVolume {
  const [{ geometry, scalars: first }] = volumes as [Volume];
  const names = seriesNames(input);
  const all = allocate(first.length * input.channels.length);
  for (const [c, { name, normalisation = input.normalisation }] of input.channels.entries()) {
    const { scalars } = volumes[names.indexOf(name)] as Volume;
    const record = normaliseRecord(scalars, normalisation);
    steps.push(input.channels.length > 1 ? { ...record, channel: name } : record);
    normaliseScalars(scalars, record, all.subarray(c * first.length, (c + 1) * first.length));
  }
  return { geometry, scalars: all };
}

function eachChannel(volume: FloatVolume, change: (channel: FloatVolume) => FloatVolume): FloatVolume {
  const { geometry, scalars } = volume;
  const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
  if (scalars.length === count) return change(volume);
  const channels = Array.from({ length: scalars.length / count }, (_, c) =>
    change({ geometry, scalars: scalars.subarray(c * count, (c + 1) * count) }),
  );
  const [first] = channels as [FloatVolume];
  const all = new Float32Array(first.scalars.length * channels.length);
  for (const [c, channel] of channels.entries()) all.set(channel.scalars, c * first.scalars.length);
  return { geometry: first.geometry, scalars: all };
}

function channelMissing(names: readonly string[]): LanternError {
  return new LanternError(
    'model/channel-missing',
    `This model reads ${names.length} series together: ${names.join(', ')}.`,
    'State which series is which.',
  );
}
