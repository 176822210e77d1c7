/** A segment of the series on the network's grid: which of the network's voxels belong to what is to be explained. */
import type { Vector3 } from '../../geometry/points.ts';
import type { IndexBox, Labelmap } from '../../segmentation/labelmap.ts';
import { boxAround, boxSize } from '../cropToStructure.ts';
import type { GeometryTrace } from '../geometryTrace.ts';
import { orientedSize, sourceStrides } from '../orient.ts';
import { type GridNeighbours, gridNeighbours } from './gridNeighbours.ts';

export interface TargetOnGrid {
  /** Of the segment, on the network's grid. */
  readonly box: IndexBox;
  /** 1 = belongs to it; the box alone, i fastest. */
  readonly inside: Uint8Array;
  readonly voxels: number;
  /** The part of the network's grid that the series fills: the rest is padding. */
  readonly filled: IndexBox;
}

/**
 * Each voxel of the network's grid belongs to the segment where the nearest voxel of the series does.
 * @param mask on the series' own grid
 * @returns null where no voxel of the segment lies on the network's grid (none at all, or all cropped away)
 */
export function targetOnGrid({ trace, grid }: GeometryTrace, mask: Labelmap, value: number): TargetOnGrid | null {
  const axes = ([0, 1, 2] as const).map((axis) => gridNeighbours(trace, grid, axis));
  const [orient] = trace;
  const size = orientedSize(orient);
  const own = boxAround(mask, [value], [1, 1, 1], 0);
  if (!own) return null;
  const range = axes.map(({ toSeries }, a) => {
    const axis = orient.axes[a as 0 | 1 | 2];
    const last = size[a as 0 | 1 | 2] - 1;
    const [from, to] = [own.min[axis], own.max[axis]];
    return rangeWhere(toSeries, orient.flipped[a] ? last - to : from, orient.flipped[a] ? last - from : to);
  });
  const filled = axes.map(({ toSeries }, a) => rangeWhere(toSeries, 0, size[a as 0 | 1 | 2] - 1));
  const box = boxOf(range);
  const filledBox = boxOf(filled);
  if (!box || !filledBox) return null;
  const { inside, voxels } = insideOf(box, axes, mask, value, sourceStrides(orient));
  return voxels === 0 ? null : { box, inside, voxels, filled: filledBox };
}

function insideOf(
  box: IndexBox,
  axes: readonly GridNeighbours[],
  { voxels: labels }: Labelmap,
  value: number,
  { start, strides }: { readonly start: number; readonly strides: Vector3 },
): { inside: Uint8Array; voxels: number } {
  const [ni, nj, nk] = boxSize(box);
  const inside = new Uint8Array(ni * nj * nk);
  const at = (a: 0 | 1 | 2, n: number): number => axes[a]!.toSeries[box.min[a] + n]! * strides[a];
  let voxels = 0;
  let target = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = start + at(1, j) + at(2, k);
      for (let i = 0; i < ni; i++, target++) {
        if (labels[row + at(0, i)] !== value) continue;
        inside[target] = 1;
        voxels++;
      }
    }
  }
  return { inside, voxels };
}

/** First and last index whose entry lies in from … to; null: none. Entries grow along the axis, so all between do too. */
function rangeWhere(entries: Int32Array, from: number, to: number): readonly [number, number] | null {
  const first = entries.findIndex((n) => n >= from && n <= to);
  return first === -1 ? null : [first, entries.findLastIndex((n) => n >= from && n <= to)];
}

function boxOf(ranges: readonly (readonly [number, number] | null)[]): IndexBox | null {
  const [i, j, k] = ranges;
  return i && j && k ? { min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] } : null;
}
