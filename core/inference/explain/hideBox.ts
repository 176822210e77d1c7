/**
 * Hides a box of a network's input. Every voxel of the box takes one value, the mean of what surrounds it, and the hiding fades out over
 * some voxels beyond: a black cube would itself be a structure with edges, and the network would answer to those. Blurring instead would
 * leave a bright structure of the box's own size bright. All indices: voxels of the network's grid; input: [channel, k, j, i].
 */
import type { Vector3 } from '../../geometry/points.ts';
import type { IndexBox } from '../../segmentation/labelmap.ts';
import { boxSize } from '../cropToStructure.ts';

/**
 * Changes the input in place.
 * @param fade how far the hiding reaches beyond the box, voxels
 * @returns puts everything back exactly
 */
export function hideBox(input: Float32Array, grid: Vector3, box: IndexBox, fade: Vector3): () => void {
  const reach = widened(box, fade, grid);
  const [ni, nj, nk] = boxSize(reach);
  const weights = ([0, 1, 2] as const).map((a) => weightsAlong(box, reach, fade, a));
  const plane = grid[0] * grid[1];
  const channels = input.length / (plane * grid[2]);
  const kept: Float32Array[] = [];
  const eachRow = (channel: number, visit: (at: number, j: number, k: number) => void): void => {
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        const row = reach.min[0] + grid[0] * (reach.min[1] + j) + plane * (reach.min[2] + k);
        visit(channel * plane * grid[2] + row, j, k);
      }
    }
  };
  for (let c = 0; c < channels; c++) {
    const before = new Float32Array(ni * nj * nk);
    let filled = 0;
    let sum = 0;
    let count = 0;
    eachRow(c, (at, j, k) => {
      const across = weights[1]![j]! * weights[2]![k]!;
      for (let i = 0; i < ni; i++) {
        const value = input[at + i]!;
        before[filled++] = value;
        if (across * weights[0]![i]! === 1) continue;
        sum += value;
        count++;
      }
    });
    kept.push(before);
    // A box that fills the whole grid has nothing around it: then the mean of all.
    const fill = count > 0 ? sum / count : before.reduce((total, value) => total + value, 0) / before.length;
    eachRow(c, (at, j, k) => {
      const across = weights[1]![j]! * weights[2]![k]!;
      for (let i = 0; i < ni; i++) input[at + i]! += across * weights[0]![i]! * (fill - input[at + i]!);
    });
  }
  return () => {
    for (const [c, before] of kept.entries()) {
      let from = 0;
      eachRow(c, (at) => {
        input.set(before.subarray(from, from + ni), at);
        from += ni;
      });
    }
  };
}

function widened({ min, max }: IndexBox, fade: Vector3, grid: Vector3): IndexBox {
  const low = (a: 0 | 1 | 2): number => Math.max(0, min[a] - fade[a]);
  const high = (a: 0 | 1 | 2): number => Math.min(grid[a] - 1, max[a] + fade[a]);
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
}

/** 1 in the box, half a cosine down to 0 beyond: never 0 and never 1 on the voxels that lie there. */
function weightsAlong(box: IndexBox, reach: IndexBox, fade: Vector3, a: 0 | 1 | 2): Float64Array {
  return Float64Array.from({ length: reach.max[a] - reach.min[a] + 1 }, (_, n) => {
    const at = reach.min[a] + n;
    const away = Math.max(box.min[a] - at, at - box.max[a], 0);
    return away === 0 ? 1 : 0.5 + 0.5 * Math.cos((Math.PI * away) / (fade[a] + 1));
  });
}
