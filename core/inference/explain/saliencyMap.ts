/**
 * What hiding showed, on the series' own grid. Unit: share of the segment's probability mass that is lost when a patch of `patchMm` is
 * hidden at this place (1 = all of it; negative = there was more of it). Where only larger blocks were hidden, a block's loss is divided
 * evenly among its patches. Small enough to travel as JSON: values by cell, and for each axis of the series the cell of each index.
 */
import type { Vector3 } from '../../geometry/points.ts';
import type { GeometryTrace } from '../geometryTrace.ts';
import { orientedSize } from '../orient.ts';
import { gridNeighbours } from './gridNeighbours.ts';
import type { Occlusion } from './occlude.ts';
import type { OcclusionPlan } from './planOcclusion.ts';

export interface SaliencyMap {
  /** Of the series. */
  readonly size: Vector3;
  /** Cells along the series' i, j, k. */
  readonly cells: Vector3;
  /** By cell, i fastest. */
  readonly lost: readonly number[];
  /** For each axis of the series, by index: the cell; −1 = was not looked at, and counts as 0. */
  readonly cellOf: readonly [readonly number[], readonly number[], readonly number[]];
}

export function saliencyMap({ trace, grid }: GeometryTrace, plan: OcclusionPlan, { blocks }: Occlusion): SaliencyMap {
  const [orient] = trace;
  const size = orientedSize(orient);
  // The cells of the network's grid, then the axes as the series has them: a flip is in the tables, the order in the strides.
  const onGrid = spread(plan, blocks);
  const strides: Vector3 = [1, plan.lattice[0], plan.lattice[0] * plan.lattice[1]];
  const gridAxis = ([0, 1, 2] as const).map((own) => orient.axes.indexOf(own) as 0 | 1 | 2);
  const cells = gridAxis.map((a) => plan.lattice[a]) as unknown as Vector3;
  const cellOf = gridAxis.map((a) => {
    const { toGrid } = gridNeighbours(trace, grid, a);
    return Array.from({ length: size[a] }, (_, index) => {
      const at = toGrid[orient.flipped[a] ? size[a] - 1 - index : index]!;
      const isLookedAt = at >= plan.explored.min[a] && at <= plan.explored.max[a];
      return isLookedAt ? Math.floor((at - plan.explored.min[a]) / plan.cell[a]) : -1;
    });
  });
  const lost: number[] = [];
  const [si, sj, sk] = gridAxis.map((a) => strides[a]) as [number, number, number];
  for (let k = 0; k < cells[2]; k++) {
    for (let j = 0; j < cells[1]; j++) for (let i = 0; i < cells[0]; i++) lost.push(onGrid[i * si + j * sj + k * sk]!);
  }
  return { size: orient.size, cells, lost, cellOf: cellOf as unknown as SaliencyMap['cellOf'] };
}

/** @returns one value a voxel of the series, i fastest */
export function saliencyVoxels({ size, cells, lost, cellOf }: SaliencyMap): Float32Array {
  const [ni, nj, nk] = size;
  const voxels = new Float32Array(ni * nj * nk);
  const [alongI, alongJ, alongK] = cellOf;
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const [cj, ck] = [alongJ[j]!, alongK[k]!];
      if (cj < 0 || ck < 0) {
        n += ni;
        continue;
      }
      const row = cells[0] * (cj + cells[1] * ck);
      for (let i = 0; i < ni; i++, n++) {
        const ci = alongI[i]!;
        if (ci >= 0) voxels[n] = lost[row + ci]!;
      }
    }
  }
  return voxels;
}

/** @returns the voxel in the middle of the cell whose hiding changes most, (i, j, k) of the series */
export function strongestVoxel({ cells, lost, cellOf }: SaliencyMap): Vector3 {
  const most = lost.reduce((best, value, n) => (Math.abs(value) > Math.abs(lost[best]!) ? n : best), 0);
  const cell = [most % cells[0], Math.floor(most / cells[0]) % cells[1], Math.floor(most / (cells[0] * cells[1]))];
  return cellOf.map((along, a) => {
    const [from, to] = [along.indexOf(cell[a]!), along.lastIndexOf(cell[a]!)];
    return Math.round((from + to) / 2);
  }) as unknown as Vector3;
}

/** The same map of a part of a series, on the whole: a cascade's fine model sees a part alone. @param start of the part */
export function onWholeSeries(map: SaliencyMap, start: Vector3, size: Vector3): SaliencyMap {
  const cellOf = map.cellOf.map((along, a) =>
    Array.from({ length: size[a as 0 | 1 | 2] }, (_, index) => along[index - start[a as 0 | 1 | 2]] ?? -1),
  );
  return { ...map, size, cellOf: cellOf as unknown as SaliencyMap['cellOf'] };
}

function spread({ lattice }: OcclusionPlan, blocks: Occlusion['blocks']): Float64Array {
  const values = new Float64Array(lattice[0] * lattice[1] * lattice[2]);
  for (const { at, level, lost } of blocks) {
    const [from, to] = [0, 1].map((end) =>
      at.map((n, a) => Math.min(lattice[a as 0 | 1 | 2], (n + end) * 2 ** level)),
    ) as [number[], number[]];
    const each = lost / from.reduce((product, low, a) => product * (to[a]! - low), 1);
    for (let k = from[2]!; k < to[2]!; k++) {
      for (let j = from[1]!; j < to[1]!; j++) {
        for (let i = from[0]!; i < to[0]!; i++) values[i + lattice[0] * (j + lattice[1] * k)] = each;
      }
    }
  }
  return values;
}
