/** Fills what a mask encloses: empty parts that do not touch the edge of the mask's box (in 2D: of the slice). */
import type { BinaryMask } from './binaryMask.ts';
import { componentsMask, connectedComponents } from './connectedComponents.ts';

/**
 * @param inPlane true: each slice along k by itself
 * @param mostVoxels larger holes stay
 * @returns the mask's voxels with its holes filled
 */
export function fillEnclosed(
  mask: BinaryMask,
  { inPlane = false, mostVoxels = Number.POSITIVE_INFINITY }: { inPlane?: boolean; mostVoxels?: number } = {},
): Uint8Array {
  const empty = connectedComponents(mask, 'faces', { inPlane, value: 0 });
  const [ni, nj, nk] = mask.size;
  const open = new Uint8Array(empty.sizes.length);
  for (let r = 0; r < empty.starts.length; r++) {
    const start = empty.starts[r]!;
    const i = start % ni;
    const row = (start - i) / ni;
    const j = row % nj;
    const k = (row - j) / nj;
    const atEdge =
      i === 0 || i + empty.lengths[r]! === ni || j === 0 || j === nj - 1 || (!inPlane && (k === 0 || k === nk - 1));
    if (atEdge) open[empty.component[r]!] = 1;
  }
  const holes = componentsMask(mask, empty, (c) => open[c] === 0 && empty.sizes[c]! <= mostVoxels);
  for (let o = 0; o < holes.length; o++) if (mask.voxels[o] === 1) holes[o] = 1;
  return holes;
}
