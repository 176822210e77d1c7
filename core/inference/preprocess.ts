/**
 * From a series' volume to what a network reads: orient, resample, normalise, crop, pad, each recorded in the trace. Only resampling
 * makes new voxels: the rest is done to each window when it is cut (networkInput.ts, cutWindow.ts).
 * The result's geometry says where every voxel of the network's grid lies in LPS. The way back: labelWriter.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Scalars, Volume } from '../volume/volume.ts';
import { bringOntoGrid } from './bringOntoGrid.ts';
import { croppedGeometry, cropRecord, paddedGeometry, padRecord } from './cropAndPad.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import { seriesNames } from './inputTensor.ts';
import type { ModelInput, ModelManifest } from './modelManifest.ts';
import type { Strided } from './moveVoxels.ts';
import type { NetworkInput } from './networkInput.ts';
import { intensityScale, normaliseRecord } from './normalise.ts';
import { orientedGeometry, orientRecord, orientVolume, sourceStrides } from './orient.ts';
import { resampleRecord, resampleVolume } from './resample.ts';
import type {
  CropRecord,
  NormaliseRecord,
  OrientRecord,
  PadRecord,
  ResampleRecord,
  Trace,
  TraceStep,
} from './trace.ts';

export interface Preprocessed {
  /** The first member's. */
  readonly input: NetworkInput;
  /** Of the network's grid. */
  readonly geometry: VolumeGeometry;
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
  /** What another network reads of the same grid, that scales intensities in another way. @throws model/uniform-input */
  inputFor(member: ModelInput): NetworkInput;
}

/**
 * @param companions the series of the other channel names, in their order (inputTensor.ts, seriesNames)
 * @throws model/non-finite-input, model/uniform-input, model/channel-apart, model/channel-missing
 */
export function preprocess(
  input: Volume,
  manifest: Pick<ModelManifest, 'input' | 'window'>,
  companions: readonly Volume[] = [],
): Preprocessed {
  const orient = orientRecord(input.geometry, manifest.input.orientation);
  const steps: LaterStep[] = [];
  const warnings: InferenceWarning[] = [];

  const series = seriesOnOneGrid(input, companions, manifest.input, steps);
  let geometry = orientedGeometry(input.geometry, orient);
  const resample = resampleTo(manifest.input, geometry);
  if (resample) steps.push(resample);
  const volumes = series.map((volume) => onNetworkSpacing(volume, orient, resample));
  geometry = volumes[0]?.geometry ?? geometry;
  const own = scaled(volumes, manifest.input);
  steps.push(...own.records);

  const grid = networkGrid(geometry.size, manifest);
  const crop = cropRecord(geometry.size, grid);
  if (crop) {
    geometry = croppedGeometry(geometry, crop);
    steps.push(crop);
    warnings.push({
      code: 'model/cropped',
      message: `The model reads ${grid.join(' × ')} voxels around the centre; what lies outside of them was not looked at.`,
    });
  }
  const kept = geometry.size;
  const pad = padRecord(kept, grid, manifest.input.padValue);
  if (pad) {
    geometry = paddedGeometry(geometry, pad);
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
  const onGrid = (channels: readonly ScaledChannel[], { padValue }: ModelInput): NetworkInput => {
    const from: Vector3 = pad?.before ?? [0, 0, 0];
    const end: Vector3 = [from[0] + kept[0], from[1] + kept[1], from[2] + kept[2]];
    return {
      size: grid,
      channels: channels.map(({ place, ...channel }) => ({
        ...channel,
        place: moved(place, crop, pad),
        from,
        end,
        padValue,
      })),
    };
  };
  return {
    input: onGrid(own.channels, manifest.input),
    geometry,
    trace: [orient, ...steps],
    warnings,
    inputFor: (member) => onGrid(scaled(volumes, member).channels, member),
  };
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

/** A series along the network's axes, in its own array where nothing was resampled. */
interface OrientedSeries {
  readonly geometry: VolumeGeometry;
  readonly scalars: Scalars;
  readonly place: Strided;
}

function onNetworkSpacing(volume: Volume, orient: OrientRecord, resample: ResampleRecord | null): OrientedSeries {
  if (!resample) {
    const geometry = orientedGeometry(volume.geometry, orient);
    return { geometry, scalars: volume.scalars, place: sourceStrides(orient) };
  }
  const { geometry, scalars } = resampleVolume(orientVolume(volume, orient), resample);
  const [ni, nj] = geometry.size;
  return { geometry, scalars, place: { start: 0, strides: [1, ni, ni * nj] } };
}

interface ScaledChannel extends Pick<OrientedSeries, 'scalars' | 'place'> {
  readonly scale: ReturnType<typeof intensityScale>;
}

function scaled(
  series: readonly OrientedSeries[],
  input: ModelInput,
): { channels: ScaledChannel[]; records: NormaliseRecord[] } {
  const names = seriesNames(input);
  const records: NormaliseRecord[] = [];
  const channels = input.channels.map(({ name, normalisation = input.normalisation }): ScaledChannel => {
    const { scalars, place } = series[names.indexOf(name)] as OrientedSeries;
    const record = normaliseRecord(scalars, normalisation);
    records.push(input.channels.length > 1 ? { ...record, channel: name } : record);
    return { scalars, place, scale: intensityScale(scalars, record) };
  });
  return { channels, records };
}

/** Where the first voxel of the network's grid lies. */
function moved({ start, strides }: Strided, crop: CropRecord | null, pad: PadRecord | null): Strided {
  const shift = (axis: 0 | 1 | 2): number => ((crop?.start[axis] ?? 0) - (pad?.before[axis] ?? 0)) * strides[axis];
  return { start: start + shift(0) + shift(1) + shift(2), strides };
}

function channelMissing(names: readonly string[]): LanternError {
  return new LanternError(
    'model/channel-missing',
    `This model reads ${names.length} series together: ${names.join(', ')}.`,
    'State which series is which.',
  );
}
