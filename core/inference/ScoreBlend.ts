/**
 * Adds up the scores of overlapping windows, each with its weights, and hands out every voxel's mean as soon as no later window can touch
 * it. What waits is only what a window shares with later ones: its far end along the quickest axis of the sweep, of the whole row of
 * windows along the second, of the whole layer along the slowest (tiling.ts says in which order windows come, and how much that is).
 * Nothing of the grid's size is held. Next: labelWriter.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import { giveBackMemory } from '../memory/giveBackMemory.ts';
import { type Axis, byAxis, voxelsIn } from './axes.ts';
import { overlapAlong, type Tiling } from './tiling.ts';

/** Mean scores of a part of the network's grid, [class, k, j, i]. */
export interface ScoreBox {
  readonly scores: Float32Array;
  /** The grid's voxel that the array begins with. */
  readonly origin: Vector3;
  /** Of the array. */
  readonly size: Vector3;
  /** What is new in it begins here; what comes before was in boxes before (BoxFronts.ts). */
  readonly from: Vector3;
}

/** What waits along one axis of the sweep. */
interface Carry {
  readonly axis: Axis;
  /** Along `axis`: from the next window's first voxel on; along quicker axes the grid's own voxels, along slower ones the window's. */
  readonly size: Vector3;
  /** Of the axes, whether it is a quicker one. */
  readonly isGrid: readonly [boolean, boolean, boolean];
  /** By channel. */
  readonly values: readonly Float32Array[];
}

/** A stretch of a window along one axis, of which the same is true. */
interface Stretch {
  readonly from: number;
  readonly end: number;
  /** Windows before left something for it. */
  readonly hasWaited: boolean;
  /** No later window along this axis comes by. */
  readonly isSettled: boolean;
}

type Part = readonly [Stretch, Stretch, Stretch];
/** By axis. */
type Parts = readonly [readonly Stretch[], readonly Stretch[], readonly Stretch[]];

/** Of a box along the quickest axis of the sweep, at the most: it is decided while it is still near. */
const DEPTH = 8;

export class ScoreBlend {
  readonly #grid: Vector3;
  readonly #tiling: Tiling;
  readonly #sink: (box: ScoreBox) => void;
  readonly #classes: number;
  /** By class; null: no window is left out. */
  readonly #uncovered: readonly number[] | null;
  /** From the quickest axis to the slowest. */
  readonly #carries: readonly Carry[];
  /** By axis and window: shares that add up to 1 over the windows that a voxel is in. */
  readonly #shares: readonly [readonly Float32Array[], readonly Float32Array[], readonly Float32Array[]];
  /** The scores of the channel that counts the shares; empty where no window is left out. */
  readonly #ones: Float32Array;
  readonly #settled: Float32Array;
  readonly #row: Float32Array;

  /**
   * @param sink receives the boxes, each voxel of the grid in one of them; the array is reused after the call
   * @param uncovered by class: the scores of voxels that no window was added for; null: every window comes with scores
   */
  constructor(
    grid: Vector3,
    tiling: Tiling,
    classes: number,
    sink: (box: ScoreBox) => void,
    uncovered: readonly number[] | null = null,
  ) {
    this.#grid = grid;
    this.#tiling = tiling;
    this.#sink = sink;
    this.#classes = classes;
    this.#uncovered = uncovered;
    const channels = uncovered ? classes + 1 : classes;
    const { size, along } = tiling;
    this.#ones = new Float32Array(uncovered ? voxelsIn(size) : 0).fill(1);
    this.#shares = [sharesAlong(grid, tiling, 0), sharesAlong(grid, tiling, 1), sharesAlong(grid, tiling, 2)];
    this.#carries = tiling.sweep.map((_, n) => this.#carry(n, channels)).reverse();
    const longest = byAxis((axis) =>
      along[axis].reduce((most, start, n) => Math.max(most, (along[axis][n + 1] ?? grid[axis]) - start), 0),
    );
    const quickest = tiling.sweep[2];
    const largest = replaced(longest, quickest, Math.min(longest[quickest], DEPTH));
    this.#row = new Float32Array(size[0]);
    this.#settled = new Float32Array(channels * voxelsIn(largest));
  }

  /**
   * @param start of the window; windows come in the tiling's order, each of them
   * @param scores [class, k, j, i] of the window; null: it was left out
   */
  add(start: Vector3, scores: Float32Array | null): void {
    const along: Parts = [this.#stretches(start, 0), this.#stretches(start, 1), this.#stretches(start, 2)];
    const settled = byAxis((axis) => lengthSettled(along[axis]));
    const quickest = this.#tiling.sweep[2];
    const some = (from: number, end: number): Parts => replaced(along, quickest, within(along[quickest], from, end));
    for (let from = 0; from < settled[quickest]; from += DEPTH) {
      const end = Math.min(from + DEPTH, settled[quickest]);
      const size = replaced(settled, quickest, end - from);
      const first = replaced([0, 0, 0], quickest, from);
      for (const part of boxesOf(some(from, end))) this.#blend(start, part, { first, size }, scores);
      if (this.#uncovered) this.#fillUncovered(this.#uncovered, voxelsIn(size));
      const origin = byAxis((axis) => start[axis] + first[axis]);
      this.#sink({ scores: this.#settled.subarray(0, this.#classes * voxelsIn(size)), origin, size, from: origin });
    }
    const rest = some(settled[quickest], this.#tiling.size[quickest]);
    for (const part of boxesOf(rest)) this.#blend(start, part, null, scores);
  }

  /** After the last window: nothing waits any more, and its memory is free for what comes next. */
  finish(): void {
    for (const { values } of this.#carries) for (const one of values) giveBackMemory(one);
  }

  /** What waits along the n-th axis of the sweep. */
  #carry(n: number, channels: number): Carry {
    const { sweep } = this.#tiling;
    const axis = sweep[n] as Axis;
    const size: [number, number, number] = [...this.#tiling.size];
    size[axis] = overlapAlong(this.#tiling, axis);
    const quicker = sweep.slice(n + 1);
    for (const other of quicker) size[other] = this.#grid[other];
    const values = Array.from({ length: channels }, () => new Float32Array(voxelsIn(size)));
    return { axis, size, isGrid: [quicker.includes(0), quicker.includes(1), quicker.includes(2)], values };
  }

  #stretches(start: Vector3, axis: Axis): Stretch[] {
    const { along, size } = this.#tiling;
    const at = along[axis].indexOf(start[axis]);
    const before = along[axis][at - 1];
    const waited = before === undefined ? 0 : Math.max(0, before + size[axis] - start[axis]);
    const settled = Math.min((along[axis][at + 1] ?? this.#grid[axis]) - start[axis], size[axis]);
    const cuts = [...new Set([0, waited, settled, size[axis]])].sort((a, b) => a - b);
    return cuts.slice(1).map((end, n) => ({
      from: cuts[n]!,
      end,
      hasWaited: end <= waited,
      isSettled: end <= settled,
    }));
  }

  /**
   * A part of the window of which the same is true all over: what waited for it is added, and it is settled or goes on waiting. It is
   * looked at from the quickest axis to the slowest: what is not settled along one of them has nothing to do with those after it.
   * @param box that what is settled belongs to, and the window's voxel that it begins with
   */
  #blend(
    start: Vector3,
    part: Part,
    box: { readonly size: Vector3; readonly first: Vector3 } | null,
    scores: Float32Array | null,
  ): void {
    const sources: Place[] = [];
    let target: Place | null = null;
    for (const carry of this.#carries) {
      const { hasWaited, isSettled } = part[carry.axis];
      if (hasWaited) sources.push(this.#placeIn(carry, start, 0));
      if (isSettled) continue;
      target = this.#placeIn(carry, start, lengthOf(start, this.#tiling, carry.axis));
      break;
    }
    const [i, j, k] = part;
    const width = i.end - i.from;
    const [shareI, shareJ, shareK] = this.#sharesAt(start);
    const shares = shareI.subarray(i.from, i.end);
    const [wi, wj, wk] = this.#tiling.size;
    const channels = this.#classes + (this.#uncovered ? 1 : 0);
    const { size, first } = box ?? { size: [0, 0, 0], first: [0, 0, 0] };
    const before = rowOf({ first: 0, size }, ...first);
    for (let c = 0; c < channels; c++) {
      const isCount = c === this.#classes;
      const own = isCount && scores ? this.#ones : scores;
      const volume = isCount ? 0 : c * wk * wj * wi;
      const to = target ? target.values[c]! : this.#settled;
      const place = target ?? { first: c * voxelsIn(size) - before, size };
      for (let z = k.from; z < k.end; z++) {
        for (let y = j.from; y < j.end; y++) {
          const waited = this.#waitedIn(sources, c, i.from, y, z, width);
          const at = rowOf(place, i.from, y, z);
          const row = volume + i.from + wi * (y + wj * z);
          if (own) {
            const weight = shareJ[y]! * shareK[z]!;
            if (waited) for (let n = 0; n < width; n++) to[at + n] = waited[n]! + weight * shares[n]! * own[row + n]!;
            else for (let n = 0; n < width; n++) to[at + n] = weight * shares[n]! * own[row + n]!;
          } else if (waited) for (let n = 0; n < width; n++) to[at + n] = waited[n]!;
          else to.fill(0, at, at + width);
        }
      }
    }
  }

  /** @returns a row's scores that waited, of all sources together, in memory of its own: what is left may lie where another row's waits */
  #waitedIn(sources: readonly Place[], c: number, i: number, j: number, k: number, width: number): Float32Array | null {
    const sum = this.#row;
    for (let s = 0; s < sources.length; s++) {
      const source = sources[s]!;
      const values = source.values[c]!;
      const first = rowOf(source, i, j, k);
      if (s === 0) for (let n = 0; n < width; n++) sum[n] = values[first + n]!;
      else for (let n = 0; n < width; n++) sum[n]! += values[first + n]!;
    }
    return sources.length > 0 ? sum : null;
  }

  /** @param passed how far the window's first voxel lies before the carry's along the carry's axis */
  #placeIn({ axis, size, isGrid, values }: Carry, start: Vector3, passed: number): Place {
    const shift = (a: Axis): number => (a === axis ? -passed : isGrid[a] ? start[a] : 0);
    return { values, size, first: shift(0) + size[0] * (shift(1) + size[1] * shift(2)) };
  }

  #sharesAt(start: Vector3): [Float32Array, Float32Array, Float32Array] {
    const { along } = this.#tiling;
    const shares = (axis: Axis): Float32Array => this.#shares[axis][along[axis].indexOf(start[axis])]!;
    return [shares(0), shares(1), shares(2)];
  }

  /** Where windows were left out, the others' shares do not add up to 1. */
  #fillUncovered(uncovered: readonly number[], length: number): void {
    const settled = this.#settled;
    const sums = settled.subarray(this.#classes * length, (this.#classes + 1) * length);
    for (const [c, outside] of uncovered.entries()) {
      const first = c * length;
      for (let n = 0; n < length; n++) {
        const sum = sums[n]!;
        if (sum === 0) settled[first + n] = outside;
        else if (sum < COMPLETE) settled[first + n]! /= sum;
      }
    }
  }
}

/** Sums of shares that are 1 but for rounding. */
const COMPLETE = 1 - 1e-5;

/** Where a window's voxel (0, 0, 0) would lie in an array. */
interface Place {
  readonly values: readonly Float32Array[];
  readonly size: Vector3;
  readonly first: number;
}

function rowOf({ first, size }: Pick<Place, 'first' | 'size'>, i: number, j: number, k: number): number {
  return first + i + size[0] * (j + size[1] * k);
}

/** By window: its weight at each of its voxels beside those of all windows there. */
function sharesAlong(grid: Vector3, { along, size, weights }: Tiling, axis: Axis): Float32Array[] {
  const sums = new Float64Array(grid[axis]);
  for (const start of along[axis]) for (let n = 0; n < size[axis]; n++) sums[start + n]! += weights[axis][n]!;
  return along[axis].map((start) =>
    Float32Array.from({ length: size[axis] }, (_, n) => weights[axis][n]! / sums[start + n]!),
  );
}

/** How far the next window along the axis begins behind this one. */
function lengthOf(start: Vector3, { along }: Tiling, axis: Axis): number {
  const next = along[axis][along[axis].indexOf(start[axis]) + 1];
  return next === undefined ? 0 : next - start[axis];
}

function* boxesOf([alongI, alongJ, alongK]: Parts): Generator<Part> {
  for (const k of alongK) for (const j of alongJ) for (const i of alongI) yield [i, j, k];
}

function replaced<T>(values: readonly [T, T, T], axis: Axis, value: T): readonly [T, T, T] {
  return values.map((old, a) => (a === axis ? value : old)) as unknown as readonly [T, T, T];
}

/** @returns the stretches, and parts of them, from `from` to `end` */
function within(stretches: readonly Stretch[], from: number, end: number): readonly Stretch[] {
  return stretches
    .map((one) => ({ ...one, from: Math.max(one.from, from), end: Math.min(one.end, end) }))
    .filter((one) => one.from < one.end);
}

function lengthSettled(stretches: readonly Stretch[]): number {
  return stretches.reduce((most, { end, isSettled }) => (isSettled ? Math.max(most, end) : most), 0);
}
