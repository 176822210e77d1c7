/**
 * Boxes of scores, each put together with the voxels right before it on every axis, which were in boxes before: what lies between the
 * voxels of two boxes can then be interpolated. Kept is the last plane of each box along the quickest axis of the sweep, of a row of boxes
 * along the second, of a layer along the slowest. Next: labelWriter.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import { type Axis, byAxis, voxelsIn } from './axes.ts';
import type { ScoreBox } from './ScoreBlend.ts';
import type { Tiling } from './tiling.ts';

/** [class, k, j, i] */
interface Scores {
  readonly scores: Float32Array;
  readonly size: Vector3;
}

/** 1 thick along its axis; along quicker axes the grid's voxels, along slower ones the box's with what is before it. */
interface Front extends Scores {
  readonly axis: Axis;
  readonly isGrid: readonly [boolean, boolean, boolean];
}

export class BoxFronts {
  readonly #classes: number;
  /** From the quickest axis to the slowest. */
  readonly #fronts: readonly Front[];
  #memory = new Float32Array(0);

  constructor(grid: Vector3, { sweep, size: window }: Pick<Tiling, 'sweep' | 'size'>, classes: number) {
    this.#classes = classes;
    this.#fronts = sweep
      .map((axis, n): Front => {
        const quicker = sweep.slice(n + 1);
        const isGrid = [quicker.includes(0), quicker.includes(1), quicker.includes(2)] as const;
        const size = byAxis((a) => (a === axis ? 1 : isGrid[a] ? grid[a] : window[a] + 1));
        return { axis, isGrid, size, scores: new Float32Array(classes * voxelsIn(size)) };
      })
      .reverse();
  }

  /**
   * @param box as ScoreBlend hands it out, each in its turn
   * @returns with one voxel in front on each axis where the grid has one; good until the next call
   */
  join(box: ScoreBox): ScoreBox {
    const { from } = box;
    const before = byAxis((a) => (from[a] > 0 ? 1 : 0));
    const size = byAxis((a) => box.size[a] + before[a]);
    const length = this.#classes * voxelsIn(size);
    if (this.#memory.length < length) this.#memory = new Float32Array(length);
    const joined: Scores = { scores: this.#memory.subarray(0, length), size };
    copy(box, [0, 0, 0], joined, before, box.size, this.#classes);
    for (const front of this.#fronts) {
      if (before[front.axis] === 0) continue;
      const { inBox, inFront, extent } = meeting(front, from, before, size, 0);
      copy(front, inFront, joined, inBox, extent, this.#classes);
    }
    for (const front of this.#fronts) {
      const { inBox, inFront, extent } = meeting(front, from, before, size, size[front.axis] - 1);
      copy(joined, inBox, front, inFront, extent, this.#classes);
    }
    return { ...joined, origin: byAxis((a) => from[a] - before[a]), from };
  }
}

/** Where a plane of a joined box, at `at` of the front's axis, and the front lie in their arrays. */
function meeting({ axis, isGrid }: Front, from: Vector3, before: Vector3, size: Vector3, at: number) {
  return {
    inBox: byAxis((a) => (a === axis ? at : isGrid[a] ? before[a] : 0)),
    inFront: byAxis((a) => (isGrid[a] ? from[a] : 0)),
    extent: byAxis((a) => (a === axis ? 1 : isGrid[a] ? size[a] - before[a] : size[a])),
  };
}

function copy(source: Scores, at: Vector3, target: Scores, to: Vector3, extent: Vector3, classes: number): void {
  for (let c = 0; c < classes; c++) {
    for (let k = 0; k < extent[2]; k++) {
      for (let j = 0; j < extent[1]; j++) {
        const row = rowOf(source.size, c, at[0], at[1] + j, at[2] + k);
        const first = rowOf(target.size, c, to[0], to[1] + j, to[2] + k);
        for (let i = 0; i < extent[0]; i++) target.scores[first + i] = source.scores[row + i]!;
      }
    }
  }
}

function rowOf([ni, nj, nk]: Vector3, c: number, i: number, j: number, k: number): number {
  return i + ni * (j + nj * (k + nk * c));
}
