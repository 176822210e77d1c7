/**
 * Collects changed voxels as runs (offset, length, before, after), in whatever order they are written.
 * Offsets are array offsets, i fastest. Next: delta.ts, which is what `finish` gives.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { LabelDelta } from './delta.ts';
import { boxOfRuns } from './deltaBox.ts';

/** Numbers that a run takes: offset, length, before, after. */
export const RUN_STRIDE = 4;

/** Numbers; sorting fewer at a time costs more calls than it saves. */
const LEAST_TO_SETTLE = 1024 * RUN_STRIDE;

export class RunRecorder {
  #data = new Uint32Array(256);
  #used = 0;
  #sorted = true;
  #settled: Uint32Array = new Uint32Array(0);

  get runs(): number {
    return (this.#settled.length + this.#used) / RUN_STRIDE;
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
    const at = this.#used;
    this.#data[at] = offset;
    this.#data[at + 1] = length;
    this.#data[at + 2] = before;
    this.#data[at + 3] = after;
    this.#used += RUN_STRIDE;
  }

  /**
   * Sorts what was pushed since the last time into the rest and joins runs that touch, once there is as much of it as of the rest.
   * Called after each piece of a stroke, it keeps the runs few and leaves little for the end of the stroke.
   */
  settle(): void {
    if (this.#used >= Math.max(LEAST_TO_SETTLE, this.#settled.length)) this.#settleAll();
  }

  #settleAll(): void {
    const fresh = this.#data.subarray(0, this.#used);
    if (fresh.length === 0) return;
    this.#settled = merged(this.#settled, this.#sorted ? fresh : sorted(fresh));
    this.#used = 0;
    this.#sorted = true;
  }

  /** @returns the delta of all that was pushed; runs sorted by offset and joined where they touch */
  finish(size: Vector3): LabelDelta {
    this.#settleAll();
    return { size, box: boxOfRuns(size, this.#settled), runs: this.#settled };
  }

  #grow(): void {
    const larger = new Uint32Array(this.#data.length * 2);
    larger.set(this.#data);
    this.#data = larger;
  }
}

/** Two sorted lists that do not overlap, as one; linear in their lengths. */
function merged(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(a.length + b.length);
  let used = 0;
  let inA = 0;
  let inB = 0;
  while (inA < a.length || inB < b.length) {
    const fromA = inB >= b.length || (inA < a.length && a[inA]! < b[inB]!);
    const source = fromA ? a : b;
    const at = fromA ? inA : inB;
    if (fromA) inA += RUN_STRIDE;
    else inB += RUN_STRIDE;
    const last = used - RUN_STRIDE;
    const touches = last >= 0 && out[last]! + out[last + 1]! === source[at];
    if (touches && out[last + 2] === source[at + 2] && out[last + 3] === source[at + 3]) {
      out[last + 1]! += source[at + 1]!;
    } else {
      out[used] = source[at]!;
      out[used + 1] = source[at + 1]!;
      out[used + 2] = source[at + 2]!;
      out[used + 3] = source[at + 3]!;
      used += RUN_STRIDE;
    }
  }
  return out.slice(0, used);
}

/** Sorting numbers that carry offset and place together is many times quicker than sorting by a callback. */
function sorted(runs: Uint32Array): Uint32Array {
  const count = runs.length / RUN_STRIDE;
  const keys = new Float64Array(count);
  for (let r = 0; r < count; r++) keys[r] = runs[r * RUN_STRIDE]! * count + r;
  keys.sort();
  const out = new Uint32Array(runs.length);
  for (let r = 0; r < count; r++) {
    const at = (keys[r]! % count) * RUN_STRIDE;
    const to = r * RUN_STRIDE;
    out[to] = runs[at]!;
    out[to + 1] = runs[at + 1]!;
    out[to + 2] = runs[at + 2]!;
    out[to + 3] = runs[at + 3]!;
  }
  return out;
}
