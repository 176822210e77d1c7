/**
 * A convolution that writes over what it reads. Along the depth it is `dilation` separate ones; each goes through its planes in tiles of
 * four, which read one plane on either side. So five spare planes are enough: a tile writes into planes that are free, and frees all that
 * it has read but the last of its own, which the next tile reads too.
 */
import { TILE } from './filterPoints.ts';

export const SPARE_PLANES = TILE + 1;

/** The tiles' planes in the order in which they must be computed: each is finished before the next begins. */
export function tileOrder(depth: number, dilation: number): { readonly phase: number; readonly tile: number }[] {
  return Array.from({ length: Math.min(dilation, depth) }, (_, phase) => {
    const tiles = Math.ceil(Math.ceil((depth - phase) / dilation) / TILE);
    return Array.from({ length: tiles }, (_, tile) => ({ phase, tile }));
  }).flat();
}

/**
 * @param planes slot of each plane of what is read @param free slots, SPARE_PLANES at least
 * @returns slot of each plane of what is written, and the slots that are free then
 */
export function planesInPlace(
  planes: Int32Array,
  free: readonly number[],
  dilation: number,
): { planes: Int32Array; free: readonly number[] } {
  const depth = planes.length;
  const written = new Int32Array(depth);
  let open = [...free];
  let freed = 0;
  let current = -1;
  for (const { phase, tile } of tileOrder(depth, dilation)) {
    if (phase !== current) [current, freed] = [phase, 0];
    const own = Array.from({ length: Math.ceil((depth - phase) / dilation) }, (_, n) => phase + n * dilation);
    const outputs = own.slice(tile * TILE, (tile + 1) * TILE);
    if (outputs.length > open.length) throw new Error('a convolution in place has no plane to write to');
    for (const [n, z] of outputs.entries()) written[z] = open[n]!;
    open = open.slice(outputs.length);
    const isLast = (tile + 1) * TILE >= own.length;
    const end = isLast ? own.length : (tile + 1) * TILE - 1;
    for (; freed < end; freed++) open.push(planes[own[freed]!]!);
  }
  return { planes: written, free: open };
}
