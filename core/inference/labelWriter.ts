/**
 * The way back from the network's grid to the series' own, box by box: walks the trace, interpolates scores where the spacing was changed
 * (smoother and truer than resampling a mask), decides labels, and puts each slice of them back to where it lies. Voxels that were cropped
 * away stay 0. Two slices of a box's scores are held at a time.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import { AgreedLabels, type Range } from './AgreedLabels.ts';
import { type AxisLookup, type AxisLookups, areWhole, axisLookups } from './axisLookup.ts';
import type { DoubtMap } from './DoubtMap.ts';
import { type DecisionRule, decideLabels, typeFor } from './decideLabels.ts';
import { LastTwo } from './LastTwo.ts';
import { moveVoxels } from './moveVoxels.ts';
import { isIdentity, orientedSize, sourceStrides } from './orient.ts';
import type { ScoreBox } from './ScoreBlend.ts';
import type { Trace } from './trace.ts';
import type { DecisionWish } from './WindowLooks.ts';

/** Whether the class of a network's highest score is enough: no scores are mixed (`isWhole`), and none must be above a floor. */
export function highestDecides(isWhole: boolean, { floor }: DecisionRule): boolean {
  return isWhole && floor === Number.NEGATIVE_INFINITY;
}

export class LabelWriter {
  readonly #trace: Trace;
  readonly #rule: DecisionRule;
  /** Of the oriented series. */
  readonly #size: Vector3;
  readonly #gridWidth: number;
  readonly #axes: AxisLookups;
  /** Every voxel of the series takes the scores of one voxel of the network's grid. */
  readonly #isWhole: boolean;
  /** On the series' own grid. */
  readonly #voxels: Labelmap['voxels'];
  /** The series does not run as the network wants it. */
  readonly #isTurned: boolean;
  /** Scratch, one slice. */
  readonly #labels: Labelmap['voxels'];
  readonly #best: Float32Array;
  readonly #doubt: DoubtMap | null;
  /** null: every score is needed, or none is interpolated. */
  readonly #agreed: AgreedLabels | null;
  /** Slices of the box that is written, interpolated in the plane: an array for each class. */
  readonly #slices = new LastTwo<Float32Array[]>();
  readonly #mixed: Float32Array[] = [];
  /** Slices of the oriented series that are settled in their whole plane. */
  #settled = 0;
  #taken = 0;

  /** @param grid the network's @param doubt filled beside the mask; voxels that were cropped away stay 0 in it too */
  constructor(trace: Trace, grid: Vector3, rule: DecisionRule, doubt: DoubtMap | null = null) {
    this.#trace = trace;
    this.#rule = rule;
    this.#doubt = doubt;
    this.#size = orientedSize(trace[0]);
    this.#gridWidth = grid[0];
    this.#axes = axisLookups(trace, grid);
    this.#isWhole = areWhole(this.#axes);
    const highestWins = rule.floor === Number.NEGATIVE_INFINITY && !rule.areShared;
    this.#agreed = highestWins && doubt === null && !this.#isWhole ? new AgreedLabels(rule, this.#axes) : null;
    const Type = typeFor(rule) === 'uint16' ? Uint16Array : Uint8Array;
    this.#voxels = new Type(this.#size[0] * this.#size[1] * this.#size[2]);
    this.#isTurned = !isIdentity(trace[0]);
    this.#labels = new Type(this.#size[0] * this.#size[1]);
    this.#best = new Float32Array(this.#size[0] * this.#size[1]);
  }

  /** Whether boxes must come with the voxels in front of them (BoxFronts.ts). */
  get interpolates(): boolean {
    return !this.#isWhole;
  }

  /**
   * Settles each voxel of the series that lies between voxels of the grid of which the later ones are new in this box.
   * @param wrote called after each slice
   * @throws model/non-finite-output
   */
  write(box: ScoreBox, wrote?: () => void): void {
    const [alongI, alongJ, alongK] = this.#axes;
    const i = settledBy(alongI, box, 0);
    const j = settledBy(alongJ, box, 1);
    if (i[0] === i[1] || j[0] === j[1]) return;
    const { lower, upper, fraction } = alongK;
    const [first, end] = settledBy(alongK, box, 2);
    this.#slices.forget();
    this.#agreed?.begin();
    const isWholeSlice = isAll(i, this.#size[0]) && isAll(j, this.#size[1]);
    for (let slice = first; slice < end; slice++) {
      if (!this.#writeAgreed(box, slice, i, j)) {
        const isBetween = lower[slice] !== upper[slice];
        // The lower one first: it was the upper one of the slice before, and would else give way to what comes now.
        const below = this.#sampled(box, lower[slice]!, i, j);
        const above = isBetween ? this.#sampled(box, upper[slice]!, i, j) : below;
        this.#decide(slice, i, j, isBetween ? this.#mix(below, above, fraction[slice]!) : above);
      }
      if (isWholeSlice) this.#settled = slice + 1;
      wrote?.();
    }
  }

  /** @returns whether that was possible */
  #writeAgreed(box: ScoreBox, slice: number, i: Range, j: Range): boolean {
    const labels = this.#labels.subarray(0, (i[1] - i[0]) * (j[1] - j[0]));
    if (!this.#agreed?.decide(box, slice, i, j, labels)) return false;
    this.#putBack(slice, i, j, labels, this.#voxels);
    return true;
  }

  /**
   * What is enough where every voxel takes the class of one voxel of the network's grid, so that no scores are needed (`writeClasses`);
   * null: they are.
   */
  get decisionWish(): DecisionWish | null {
    if (!highestDecides(this.#isWhole, this.#rule)) return null;
    if (this.#doubt === null) return 'classes';
    return this.#doubt.isOfExclusiveScores ? 'classes and doubt' : null;
  }

  /**
   * As `write`, where there is a `decisionWish`; both arrays i fastest, then j.
   * @param classes the channel with the highest score, of equal ones the first @param doubt where it was wished
   */
  writeClasses(k: number, classes: Uint8Array, doubt: Uint8Array | null): void {
    const { lower: alongK } = this.#axes[2];
    const { values } = this.#rule;
    while (this.#settled < this.#size[2] && alongK[this.#settled]! <= k) {
      const slice = this.#settled++;
      if (alongK[slice] === -1) continue;
      this.#takeSlice(slice, this.#voxels, this.#labels, (at) => values[classes[at]!]!);
      if (doubt && this.#doubt) this.#takeSlice(slice, this.#doubt.values, this.#doubt.scratch, (at) => doubt[at]!);
    }
  }

  /** @param valueAt of a voxel of the network's grid, in its plane */
  #takeSlice(
    slice: number,
    target: Labelmap['voxels'],
    scratch: Labelmap['voxels'],
    valueAt: (at: number) => number,
  ): void {
    const [alongI, alongJ] = this.#axes;
    const [ni, nj] = this.#size;
    const values = this.#isTurned ? scratch : target.subarray(slice * ni * nj, (slice + 1) * ni * nj);
    for (let j = 0; j < nj; j++) {
      const row = alongJ.lower[j]!;
      for (let i = 0; i < ni; i++) {
        const column = alongI.lower[i]!;
        values[i + j * ni] = row === -1 || column === -1 ? 0 : valueAt(column + row * this.#gridWidth);
      }
    }
    if (this.#isTurned) this.#putBack(slice, [0, ni], [0, nj], values, target);
  }

  /** @returns the mask on the series' own grid, array order as the series' */
  finish(): Labelmap {
    this.#settled = this.#size[2];
    return { size: this.#trace[0].size, voxels: this.#voxels };
  }

  /** @returns the next voxels of the series' array that no later slice can change; all of them after `finish` */
  takeSettled(): Labelmap['voxels'] {
    const { axes, flipped } = this.#trace[0];
    const isInOrder = (axes[2] === 2 && !flipped[2]) || this.#settled === this.#size[2];
    const from = this.#taken;
    if (isInOrder) this.#taken = this.#settled * this.#size[0] * this.#size[1];
    return this.#voxels.subarray(from, this.#taken);
  }

  /** @param k of the network's grid @returns a plane for each class, of the series' voxels i × j, good until the call after the next */
  #sampled(box: ScoreBox, k: number, i: Range, j: Range): readonly Float32Array[] {
    const [ni, nj] = box.size;
    const volume = ni * nj * box.size[2];
    const plane = (c: number): Float32Array => {
      const at = c * volume + (k - box.origin[2]) * ni * nj;
      return box.scores.subarray(at, at + ni * nj);
    };
    // Nothing to interpolate and nothing to leave out: the box's own memory.
    if (this.#isWhole && i[1] - i[0] === ni && j[1] - j[0] === nj) return this.#rule.values.map((_, c) => plane(c));
    const length = (i[1] - i[0]) * (j[1] - j[0]);
    const planes = this.#slices.at(k, (spare) =>
      this.#rule.values.map((_, c) => {
        const kept = spare?.[c];
        const target = kept && kept.length >= length ? kept : new Float32Array(length);
        samplePlane(plane(c), box, target, this.#axes, i, j);
        return target;
      }),
    );
    return planes.map((values) => values.subarray(0, length));
  }

  #mix(lower: readonly Float32Array[], upper: readonly Float32Array[], fraction: number): Float32Array[] {
    return upper.map((above, c) => {
      const below = lower[c]!;
      if ((this.#mixed[c]?.length ?? 0) < above.length) this.#mixed[c] = new Float32Array(above.length);
      const target = this.#mixed[c]!.subarray(0, above.length);
      for (let n = 0; n < target.length; n++) target[n] = below[n]! + fraction * (above[n]! - below[n]!);
      return target;
    });
  }

  #decide(slice: number, i: Range, j: Range, planes: readonly Float32Array[]): void {
    const [ni, nj] = this.#size;
    const length = (i[1] - i[0]) * (j[1] - j[0]);
    const isWholeSlice = length === ni * nj && !this.#isTurned;
    const labels = isWholeSlice
      ? this.#voxels.subarray(slice * length, (slice + 1) * length)
      : this.#labels.subarray(0, length);
    decideLabels(planes, this.#rule, this.#best.subarray(0, length), labels);
    if (!isWholeSlice) this.#putBack(slice, i, j, labels, this.#voxels);
    const doubt = this.#doubt?.slice(planes, length);
    if (doubt && this.#doubt) this.#putBack(slice, i, j, doubt, this.#doubt.values);
  }

  #putBack(slice: number, i: Range, j: Range, values: Labelmap['voxels'], target: Labelmap['voxels']): void {
    const { start, strides } = sourceStrides(this.#trace[0]);
    const at = start + i[0] * strides[0] + j[0] * strides[1] + slice * strides[2];
    moveVoxels(values, target, [i[1] - i[0], j[1] - j[0], 1], { start: at, strides }, 'scatter');
  }
}

function isAll([from, end]: Range, count: number): boolean {
  return from === 0 && end === count;
}

/** @returns those whose later voxel of the grid is new in the box; what was cropped away is in no range */
function settledBy({ upper }: AxisLookup, { origin, size, from }: ScoreBox, axis: 0 | 1 | 2): Range {
  const end = origin[axis] + size[axis];
  let first = 0;
  while (first < upper.length && upper[first]! < from[axis]) first++;
  let last = first;
  while (last < upper.length && upper[last]! >= from[axis] && upper[last]! < end) last++;
  return [first, last];
}

/** Bilinear. @param plane of the box @param target voxels i × j of the oriented series */
function samplePlane(
  plane: Float32Array,
  { origin, size: [width] }: ScoreBox,
  target: Float32Array,
  [alongI, alongJ]: readonly [AxisLookup, AxisLookup, AxisLookup],
  [i0, i1]: Range,
  [j0, j1]: Range,
): void {
  let n = 0;
  for (let j = j0; j < j1; j++) {
    const row0 = (alongJ.lower[j]! - origin[1]) * width - origin[0];
    const row1 = (alongJ.upper[j]! - origin[1]) * width - origin[0];
    const fj = alongJ.fraction[j]!;
    for (let i = i0; i < i1; i++, n++) {
      const low = alongI.lower[i]!;
      const high = alongI.upper[i]!;
      const fi = alongI.fraction[i]!;
      const a = plane[row0 + low]! + fi * (plane[row0 + high]! - plane[row0 + low]!);
      const b = plane[row1 + low]! + fi * (plane[row1 + high]! - plane[row1 + low]!);
      target[n] = a + fj * (b - a);
    }
  }
}
