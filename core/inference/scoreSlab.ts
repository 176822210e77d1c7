/**
 * Adds up the scores of overlapping windows. Holds one window's depth of slices (a ring along k) and hands out every slice
 * as soon as no later window can touch it. Planes: one per class, i fastest, then j.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Tiling } from './tiling.ts';

/** Receives the slices of the network's grid in order; the planes may be reused after the call. */
export type ScoreSliceSink = (k: number, planes: readonly Float32Array[]) => void;

export class ScoreSlab {
  readonly #grid: Vector3;
  readonly #tiling: Tiling;
  readonly #sink: ScoreSliceSink;
  readonly #uncovered: readonly number[];
  /** By k modulo the depth: a plane per class, and last the sum of weights. */
  readonly #ring: Float32Array[][];
  #next = 0;

  /** @param uncovered by class: the scores of voxels that no window was added for */
  constructor(
    grid: Vector3,
    tiling: Tiling,
    classes: number,
    sink: ScoreSliceSink,
    uncovered: readonly number[] = new Array<number>(classes).fill(0),
  ) {
    this.#uncovered = uncovered;
    this.#grid = grid;
    this.#tiling = tiling;
    this.#sink = sink;
    const plane = (): Float32Array => new Float32Array(grid[0] * grid[1]);
    this.#ring = Array.from({ length: tiling.size[2] }, () => Array.from({ length: classes + 1 }, plane));
  }

  /**
   * @param start of the window; windows must come in the tiling's order, and may be left out
   * @param scores [class, k, j, i] of the window
   */
  add(start: Vector3, scores: Float32Array): void {
    this.#handOut(start[2]);
    const [wi, wj, wk] = this.#tiling.size;
    for (let k = 0; k < wk; k++) {
      const planes = this.#ring[(start[2] + k) % wk]!;
      const classes = planes.length - 1;
      for (let c = 0; c <= classes; c++) {
        const from = (c * wk + k) * wj * wi;
        this.#addPlane(planes[c]!, start, k, c < classes ? scores.subarray(from, from + wj * wi) : null);
      }
    }
  }

  /** After the last window. */
  finish(): void {
    this.#handOut(this.#grid[2]);
  }

  /** @param scores of one slice of the window, or null to add up the weights alone */
  #addPlane(plane: Float32Array, start: Vector3, k: number, scores: Float32Array | null): void {
    const [wi, wj] = this.#tiling.size;
    const [alongI, alongJ, alongK] = this.#tiling.weights;
    for (let j = 0; j < wj; j++) {
      const weight = alongJ[j]! * alongK[k]!;
      const row = start[0] + this.#grid[0] * (start[1] + j);
      if (scores) for (let i = 0; i < wi; i++) plane[row + i]! += weight * alongI[i]! * scores[j * wi + i]!;
      else for (let i = 0; i < wi; i++) plane[row + i]! += weight * alongI[i]!;
    }
  }

  #handOut(before: number): void {
    for (; this.#next < before; this.#next++) {
      const planes = this.#ring[this.#next % this.#ring.length]!;
      const weights = planes.at(-1)!;
      const scores = planes.slice(0, -1);
      for (const [c, plane] of scores.entries()) {
        const outside = this.#uncovered[c]!;
        for (let n = 0; n < plane.length; n++) plane[n] = weights[n] === 0 ? outside : plane[n]! / weights[n]!;
      }
      this.#sink(this.#next, scores);
      for (const plane of planes) plane.fill(0);
    }
  }
}
