/**
 * A stroke of the brush: begin, extend … extend, then commit or cancel. It writes the labelmap in place as the pointer moves and
 * keeps what stood there as runs, so that all its work follows the stroke and never the volume. Points are voxel indices.
 */
import type { IndexPoint, Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { type BrushShape, type VoxelMetric, visitCapsuleRows, voxelMetric } from './brushShape.ts';
import type { LabelDelta } from './delta.ts';
import type { IndexBox, Labelmap } from './labelmap.ts';
import { RunRecorder } from './runRecorder.ts';
import { mayWrite, type WriteMask } from './writeMask.ts';

export interface BrushStrokeOptions {
  readonly labelmap: Labelmap;
  readonly geometry: VolumeGeometry;
  /** The label that is painted; 0 erases. */
  readonly label: number;
  readonly shape: BrushShape;
  readonly mask: WriteMask;
}

export class BrushStroke {
  readonly #options: BrushStrokeOptions;
  readonly #metric: VoxelMetric;
  readonly #recorder = new RunRecorder();
  /** Below this radius a capsule may slip between voxel centres, so the voxels under the line are painted as well. */
  readonly #thin: boolean;
  #last: Vector3 | null = null;
  #changed = 0;
  #min: [number, number, number] = [0, 0, 0];
  #max: [number, number, number] = [0, 0, 0];

  constructor(options: BrushStrokeOptions) {
    this.#options = options;
    this.#metric = voxelMetric(options.geometry);
    this.#thin = options.shape.radiusMm < Math.max(...options.geometry.spacingMm);
  }

  /** Voxels changed so far. */
  get changedVoxels(): number {
    return this.#changed;
  }

  /** @returns the box of the voxels that changed; null when none did */
  begin(indexIjk: IndexPoint): IndexBox | null {
    return this.#paint(indexIjk, indexIjk);
  }

  /** Paints from the last point to this one. @returns the box of the voxels that changed; null when none did */
  extend(indexIjk: IndexPoint): IndexBox | null {
    return this.#paint(this.#last ?? indexIjk, indexIjk);
  }

  /** @returns the whole stroke as a delta that is already applied to the labelmap; null when nothing changed */
  commit(): LabelDelta | null {
    return this.#recorder.runs === 0 ? null : this.#recorder.finish(this.#options.labelmap.size);
  }

  /** Puts back what stood there. @returns the box of the voxels that were put back */
  cancel(): IndexBox | null {
    const { voxels, size } = this.#options.labelmap;
    const { runs, box } = this.#recorder.finish(size);
    for (let r = 0; r < runs.length; r += 4) voxels.fill(runs[r + 2]!, runs[r]!, runs[r]! + runs[r + 1]!);
    return box;
  }

  #paint(from: Vector3, to: Vector3): IndexBox | null {
    const { labelmap, shape } = this.#options;
    const before = this.#changed;
    this.#min = [...labelmap.size];
    this.#max = [-1, -1, -1];
    visitCapsuleRows(labelmap.size, this.#metric, shape, from, to, (first, last, j, k) => this.#row(first, last, j, k));
    if (this.#thin) this.#line(from, to);
    this.#recorder.settle();
    this.#last = to;
    return this.#changed === before ? null : { min: this.#min, max: this.#max };
  }

  #line(from: Vector3, to: Vector3): void {
    const { labelmap, shape } = this.#options;
    const steps = Math.max(1, Math.ceil(2 * Math.max(...to.map((x, axis) => Math.abs(x - from[axis]!)))));
    for (let n = 0; n <= steps; n++) {
      const at = to.map((x, axis) => Math.round(from[axis]! + ((x - from[axis]!) * n) / steps));
      if (shape.kind === 'disc') at[shape.through] = Math.round(to[shape.through]);
      const [i, j, k] = at as [number, number, number];
      if (at.every((x, axis) => x >= 0 && x < labelmap.size[axis]!)) this.#row(i, i, j, k);
    }
  }

  #row(first: number, last: number, j: number, k: number): void {
    const { labelmap, label, mask } = this.#options;
    const { voxels, size } = labelmap;
    const row = size[0] * (j + size[1] * k);
    let low = -1;
    let high = -1;
    const end = row + last + 1;
    for (let o = row + first; o < end; ) {
      const was = voxels[o]!;
      const start = o++;
      if (was === label || !mayWrite(mask, voxels, start)) continue;
      while (o < end && voxels[o] === was && mayWrite(mask, voxels, o)) o++;
      this.#recorder.push(start, o - start, was, label);
      // A loop beats `fill` where a row gains a few voxels.
      for (let n = start; n < o; n++) voxels[n] = label;
      this.#changed += o - start;
      if (low < 0) low = start;
      high = o - 1;
    }
    if (low < 0) return;
    const { min, max } = { min: this.#min, max: this.#max };
    min[0] = Math.min(min[0], low - row);
    max[0] = Math.max(max[0], high - row);
    min[1] = Math.min(min[1], j);
    max[1] = Math.max(max[1], j);
    min[2] = Math.min(min[2], k);
    max[2] = Math.max(max[2], k);
  }
}
