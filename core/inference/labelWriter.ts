/**
 * The way back from the network's grid to the series' own, slice by slice: walks the trace, interpolates scores where the
 * spacing was changed (smoother and truer than resampling a mask), decides labels, and turns each slice back to where it lies.
 * Voxels that were cropped away stay 0. Two slices of scores are held at a time.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import { type AxisLookup, axisLookup } from './axisLookup.ts';
import type { DoubtMap } from './DoubtMap.ts';
import { type DecisionRule, decideLabels, typeFor } from './decideLabels.ts';
import { moveVoxels } from './moveVoxels.ts';
import { isIdentity, orientedSize, sourceStrides } from './orient.ts';
import type { Trace } from './trace.ts';

export class LabelWriter {
  readonly #trace: Trace;
  readonly #rule: DecisionRule;
  /** Of the oriented series. */
  readonly #size: Vector3;
  readonly #gridWidth: number;
  readonly #axes: readonly [AxisLookup, AxisLookup, AxisLookup];
  /** On the series' own grid. */
  readonly #voxels: Labelmap['voxels'];
  /** One oriented slice of labels; null where the series runs as the network wants it. */
  readonly #turning: Labelmap['voxels'] | null;
  readonly #best: Float32Array;
  readonly #doubt: DoubtMap | null;
  /** Scores of the last two slices, already interpolated in the plane. */
  #previous: Float32Array[] = [];
  #current: Float32Array[] = [];
  readonly #mixed: Float32Array[] = [];
  #nextSlice = 0;
  #taken = 0;

  /** @param grid the network's @param doubt filled beside the mask; voxels that were cropped away stay 0 in it too */
  constructor(trace: Trace, grid: Vector3, rule: DecisionRule, doubt: DoubtMap | null = null) {
    this.#trace = trace;
    this.#rule = rule;
    this.#doubt = doubt;
    this.#size = orientedSize(trace[0]);
    this.#gridWidth = grid[0];
    const axis = (a: 0 | 1 | 2): AxisLookup => axisLookup(trace, grid, a);
    this.#axes = [axis(0), axis(1), axis(2)];
    const Type = typeFor(rule) === 'uint16' ? Uint16Array : Uint8Array;
    this.#voxels = new Type(this.#size[0] * this.#size[1] * this.#size[2]);
    this.#turning = isIdentity(trace[0]) ? null : new Type(this.#size[0] * this.#size[1]);
    this.#best = new Float32Array(this.#size[0] * this.#size[1]);
  }

  /** Slices of the network's grid, k = 0, 1, 2, … @throws model/non-finite-output */
  write(k: number, planes: readonly Float32Array[]): void {
    const { lower, upper, fraction } = this.#axes[2];
    const spare = this.#previous;
    this.#previous = this.#current;
    this.#current = this.#inPlane(planes, spare);
    while (this.#nextSlice < this.#size[2] && upper[this.#nextSlice]! <= k) {
      const slice = this.#nextSlice++;
      if (upper[slice] === -1) continue;
      const whole = lower[slice] === upper[slice];
      this.#decide(slice, whole ? this.#current : this.#mix(fraction[slice]!));
    }
  }

  /** Whether every voxel takes the class of one voxel of the network's grid, so that no scores are needed (`writeClasses`). */
  get takesClasses(): boolean {
    const isWhole = this.#axes.every(({ lower, upper }) => lower.every((from, n) => from === upper[n]));
    return isWhole && this.#doubt === null && this.#rule.floor === Number.NEGATIVE_INFINITY;
  }

  /** As `write`, where `takesClasses`. @param classes the channel with the highest score, of equal ones the first; i fastest, then j */
  writeClasses(k: number, classes: Uint8Array): void {
    const [alongI, alongJ, { lower: alongK }] = this.#axes;
    const [ni, nj] = this.#size;
    while (this.#nextSlice < this.#size[2] && alongK[this.#nextSlice]! <= k) {
      const slice = this.#nextSlice++;
      if (alongK[slice] === -1) continue;
      const labels = this.#turning ?? this.#voxels.subarray(slice * ni * nj, (slice + 1) * ni * nj);
      for (let j = 0; j < nj; j++) {
        const row = alongJ.lower[j]!;
        for (let i = 0; i < ni; i++) {
          const column = alongI.lower[i]!;
          labels[i + j * ni] =
            row === -1 || column === -1 ? 0 : this.#rule.values[classes[column + row * this.#gridWidth]!]!;
        }
      }
      if (this.#turning) this.#turnBack(slice, labels, this.#voxels);
    }
  }

  /** @returns the mask on the series' own grid, array order as the series' */
  finish(): Labelmap {
    this.#nextSlice = this.#size[2];
    return { size: this.#trace[0].size, voxels: this.#voxels };
  }

  /** @returns the next voxels of the series' array that no later slice can change; all of them after `finish` */
  takeSettled(): Labelmap['voxels'] {
    const { axes, flipped } = this.#trace[0];
    const isInOrder = (axes[2] === 2 && !flipped[2]) || this.#nextSlice === this.#size[2];
    const from = this.#taken;
    if (isInOrder) this.#taken = this.#nextSlice * this.#size[0] * this.#size[1];
    return this.#voxels.subarray(from, this.#taken);
  }

  #inPlane(planes: readonly Float32Array[], spare: Float32Array[]): Float32Array[] {
    const [alongI, alongJ, alongK] = this.#axes;
    // The planes may be reused by their sender, but without interpolation nothing is held beyond this call.
    if (alongI.identity && alongJ.identity && alongK.identity) return planes as Float32Array[];
    return planes.map((plane, c) => {
      const target = spare[c] ?? new Float32Array(this.#size[0] * this.#size[1]);
      samplePlane(plane, this.#gridWidth, target, alongI, alongJ);
      return target;
    });
  }

  #mix(fraction: number): Float32Array[] {
    return this.#current.map((upper, c) => {
      const lower = this.#previous[c]!;
      this.#mixed[c] ??= new Float32Array(upper.length);
      const target = this.#mixed[c]!;
      for (let n = 0; n < target.length; n++) target[n] = lower[n]! + fraction * (upper[n]! - lower[n]!);
      return target;
    });
  }

  #decide(slice: number, planes: readonly Float32Array[]): void {
    const [ni, nj] = this.#size;
    const labels = this.#turning ?? this.#voxels.subarray(slice * ni * nj, (slice + 1) * ni * nj);
    decideLabels(planes, this.#rule, this.#best, labels);
    this.#clearCropped(labels);
    if (this.#turning) this.#turnBack(slice, labels, this.#voxels);
    const doubt = this.#doubt?.slice(planes);
    if (!doubt || !this.#doubt) return;
    this.#clearCropped(doubt);
    if (this.#turning) this.#turnBack(slice, doubt, this.#doubt.values);
    else this.#doubt.values.set(doubt, slice * ni * nj);
  }

  #turnBack(slice: number, values: Labelmap['voxels'], target: Labelmap['voxels']): void {
    const [ni, nj] = this.#size;
    const { start, strides } = sourceStrides(this.#trace[0]);
    moveVoxels(values, target, [ni, nj, 1], { start: start + slice * strides[2], strides }, 'scatter');
  }

  #clearCropped(labels: Labelmap['voxels']): void {
    const [ni, nj] = this.#size;
    const [alongI, alongJ] = this.#axes;
    if (alongI.identity && alongJ.identity) return;
    for (let j = 0; j < nj; j++) {
      if (alongJ.lower[j] === -1) labels.fill(0, j * ni, (j + 1) * ni);
    }
    for (let i = 0; i < ni; i++) {
      if (alongI.lower[i] === -1) for (let j = 0; j < nj; j++) labels[i + j * ni] = 0;
    }
  }
}

/** Bilinear. @param width voxels in a row of `plane` */
function samplePlane(
  plane: Float32Array,
  width: number,
  target: Float32Array,
  alongI: AxisLookup,
  alongJ: AxisLookup,
): void {
  const ni = alongI.lower.length;
  for (let j = 0; j < alongJ.lower.length; j++) {
    if (alongJ.lower[j] === -1) continue;
    const row0 = alongJ.lower[j]! * width;
    const row1 = alongJ.upper[j]! * width;
    const fj = alongJ.fraction[j]!;
    for (let i = 0; i < ni; i++) {
      const i0 = alongI.lower[i]!;
      if (i0 === -1) continue;
      const i1 = alongI.upper[i]!;
      const fi = alongI.fraction[i]!;
      const a = plane[row0 + i0]! + fi * (plane[row0 + i1]! - plane[row0 + i0]!);
      const b = plane[row1 + i0]! + fi * (plane[row1 + i1]! - plane[row1 + i0]!);
      target[j * ni + i] = a + fj * (b - a);
    }
  }
}
