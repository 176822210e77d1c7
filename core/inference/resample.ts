/**
 * Brings a volume to another spacing along its own axes. Separable triangle filter: linear interpolation where the new grid is
 * finer, an average over the new voxel where it is coarser, so that noise does not alias. The centre of the grid stays in place.
 * Masks never come back through this file: scores are interpolated instead (labelWriter.ts).
 */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Scalars, Volume } from '../volume/volume.ts';
import type { ResampleRecord } from './trace.ts';

/** Spacings that differ by less than this share are taken as equal. */
const SAME_SPACING = 1e-3;

/** @returns null when the volume has the spacing already */
export function resampleRecord(
  geometry: Pick<VolumeGeometry, 'size' | 'spacingMm'>,
  toSpacingMm: Vector3,
): ResampleRecord | null {
  const from = geometry.spacingMm;
  if (from.every((mm, axis) => Math.abs(mm / toSpacingMm[axis as 0 | 1 | 2] - 1) < SAME_SPACING)) return null;
  const size = (axis: 0 | 1 | 2): number =>
    Math.max(1, Math.round((geometry.size[axis] * from[axis]) / toSpacingMm[axis]));
  return {
    step: 'resample',
    fromSize: geometry.size,
    fromSpacingMm: from,
    toSize: [size(0), size(1), size(2)],
    toSpacingMm,
  };
}

/** @param index on the input's grid @returns the same place on the new grid, continuous, kept inside of it */
export function resampledIndex(record: ResampleRecord, axis: 0 | 1 | 2, index: number): number {
  const last = record.toSize[axis] - 1;
  const ratio = record.fromSpacingMm[axis] / record.toSpacingMm[axis];
  const at = (index - (record.fromSize[axis] - 1) / 2) * ratio + last / 2;
  return Math.min(Math.max(at, 0), last);
}

/** Slice by slice: no more than a slice of the old grid is held besides the two volumes. */
export function resampleVolume(volume: Volume, record: ResampleRecord): Volume & { readonly scalars: Float32Array } {
  const [ni, nj] = record.fromSize;
  const [toI, toJ, toK] = record.toSize;
  const [alongI, alongJ, alongK] = [taps(record, 0), taps(record, 1), taps(record, 2)];
  const slice = new Float32Array(ni * nj);
  const rows = new Float32Array(ni * toJ);
  const scalars = new Float32Array(toI * toJ * toK);
  for (let k = 0; k < toK; k++) {
    mean(volume.scalars, alongK, k, ni * nj, slice, 0);
    for (let j = 0; j < toJ; j++) mean(slice, alongJ, j, ni, rows, j * ni);
    alongRows(rows, ni, alongI, scalars.subarray(k * toI * toJ, (k + 1) * toI * toJ));
  }
  return { geometry: resampledGeometry(volume.geometry, record), scalars };
}

export function resampledGeometry(
  geometry: VolumeGeometry,
  { fromSize, toSize, ...record }: ResampleRecord,
): VolumeGeometry {
  const first = (axis: 0 | 1 | 2): number =>
    (fromSize[axis] - 1) / 2 - ((toSize[axis] - 1) / 2) * (record.toSpacingMm[axis] / record.fromSpacingMm[axis]);
  return {
    ...geometry,
    size: toSize,
    spacingMm: record.toSpacingMm,
    originLps: indexToWorld(geometry, indexPoint(first(0), first(1), first(2))),
  };
}

/** Rows are added three at a time: what is written is then read again a third as often, which is most of the time. */
const TOGETHER = 3;

/** For each new index the input's indices that it is a mean of, and their weights (sum 1); a multiple of {@link TOGETHER}, some of them 0. */
interface Taps {
  readonly count: number;
  readonly indices: Int32Array;
  readonly weights: Float64Array;
  readonly width: number;
}

function taps(record: ResampleRecord, axis: 0 | 1 | 2): Taps {
  const from = record.fromSize[axis];
  const count = record.toSize[axis];
  const ratio = record.toSpacingMm[axis] / record.fromSpacingMm[axis];
  const reach = Math.max(1, ratio);
  const width = Math.ceil((Math.floor(2 * reach) + 1) / TOGETHER) * TOGETHER;
  const indices = new Int32Array(count * width);
  const weights = new Float64Array(count * width);
  for (let to = 0; to < count; to++) {
    const centre = (to - (count - 1) / 2) * ratio + (from - 1) / 2;
    const first = Math.ceil(centre - reach);
    let sum = 0;
    for (let t = 0; t < width; t++) {
      const weight = Math.max(0, 1 - Math.abs(first + t - centre) / reach);
      indices[to * width + t] = Math.min(Math.max(first + t, 0), from - 1);
      weights[to * width + t] = weight;
      sum += weight;
    }
    for (let t = 0; t < width; t++) weights[to * width + t]! /= sum;
  }
  return { count, indices, weights, width };
}

/** output[at …] = the weighted mean of whole rows (or slices) of `length` that belong to the new index `to`. */
function mean(input: Scalars, along: Taps, to: number, length: number, output: Float32Array, at: number): void {
  const { indices, weights, width } = along;
  output.fill(0, at, at + length);
  for (let t = to * width; t < (to + 1) * width; t += TOGETHER) {
    const [a, b, c] = [weights[t]!, weights[t + 1]!, weights[t + 2]!];
    if (a === 0 && b === 0 && c === 0) continue;
    const [rowA, rowB, rowC] = [indices[t]! * length, indices[t + 1]! * length, indices[t + 2]! * length];
    for (let n = 0; n < length; n++) {
      output[at + n]! += a * input[rowA + n]! + b * input[rowB + n]! + c * input[rowC + n]!;
    }
  }
}

/** Each row of `length` to one of `along.count`. */
function alongRows(input: Float32Array, length: number, along: Taps, output: Float32Array): void {
  const { count, indices, weights, width } = along;
  for (let to = 0, row = 0; to < output.length; to += count, row += length) {
    for (let n = 0; n < count; n++) {
      let sum = 0;
      for (let t = n * width; t < (n + 1) * width; t++) sum += weights[t]! * input[row + indices[t]!]!;
      output[to + n] = sum;
    }
  }
}
