/**
 * Collects changed voxels as runs (offset, length, before, after), in whatever order they are written.
 * Offsets are array offsets, i fastest. Next: delta.ts, which is what `finish` gives.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { LabelDelta } from './delta.ts';
import { boxOfRuns } from './deltaBox.ts';

/** Numbers that a run takes: offset, length, before, after. */
export const RUN_STRIDE = 4;

export class RunRecorder {
  #data = new Uint32Array(256);
  #used = 0;
  #sorted = true;

  get runs(): number {
    return this.#used / RUN_STRIDE;
  }

  /** Appends a run; a run that continues the last one with the same labels becomes part of it. Runs must not overlap. */
  push(offset: number, length: number, before: number, after: number): void {
    const data = this.#data;
    const last = this.#used - RUN_STRIDE;
    if (last >= 0) {
      const end = data[last]! + data[last + 1]!;
      if (end === offset && data[last + 2] === before && data[last + 3] === after) {
        data[last + 1]! += length;
        return;
      }
      if (offset < end) this.#sorted = false;
    }
    if (this.#used + RUN_STRIDE > data.length) this.#grow();
    this.#data.set([offset, length, before, after], this.#used);
    this.#used += RUN_STRIDE;
  }

  /** @returns the runs as they were pushed, four numbers each */
  pushed(): Uint32Array {
    return this.#data.subarray(0, this.#used);
  }

  /** @returns the delta of all that was pushed; runs sorted by offset and joined where they touch */
  finish(size: Vector3): LabelDelta {
    const runs = this.#sorted ? this.pushed().slice() : joined(this.pushed());
    return { size, box: boxOfRuns(size, runs), runs };
  }

  #grow(): void {
    const larger = new Uint32Array(this.#data.length * 2);
    larger.set(this.#data);
    this.#data = larger;
  }
}

function joined(runs: Uint32Array): Uint32Array {
  const out = new Uint32Array(runs.length);
  let used = 0;
  for (const at of orderByOffset(runs)) {
    const last = used - RUN_STRIDE;
    if (
      last >= 0 &&
      out[last]! + out[last + 1]! === runs[at] &&
      out[last + 2] === runs[at + 2] &&
      out[last + 3] === runs[at + 3]
    ) {
      out[last + 1]! += runs[at + 1]!;
    } else {
      out.set(runs.subarray(at, at + RUN_STRIDE), used);
      used += RUN_STRIDE;
    }
  }
  return out.slice(0, used);
}

/** Sorting numbers that carry offset and place together is many times quicker than sorting by a callback. */
function orderByOffset(runs: Uint32Array): Float64Array {
  const count = runs.length / RUN_STRIDE;
  const keys = new Float64Array(count);
  for (let r = 0; r < count; r++) keys[r] = runs[r * RUN_STRIDE]! * count + r;
  keys.sort();
  for (let r = 0; r < count; r++) keys[r] = (keys[r]! % count) * RUN_STRIDE;
  return keys;
}
