/**
 * How much unlikeness a path from the seeds to each pixel must cross at least: region growing for every tolerance at once.
 * @see Udupa & Samarasekera, "Fuzzy connectedness and object definition", Graphical Models and Image Processing 58(3), 1996
 */

/** Levels that are told apart. */
export const LEVELS = 256;

/**
 * @param cost unlikeness of each pixel, whole numbers from 0 to 255
 * @param seeds pixel offsets
 * @returns the smallest possible maximum of `cost` along a path from a seed, itself included; paths step to the four neighbours
 */
export function floodLevels(cost: Uint8Array, width: number, seeds: readonly number[]): Uint8Array {
  const levels = new Uint8Array(cost.length).fill(LEVELS - 1);
  const isDone = new Uint8Array(cost.length);
  const waiting: number[][] = Array.from({ length: LEVELS }, () => []);
  for (const seed of seeds) waiting[cost[seed]!]!.push(seed);
  for (let level = 0; level < LEVELS; level++) {
    const now = waiting[level]!;
    // Grows while it is walked: a neighbour that costs less than the way to it costs the same.
    for (let n = 0; n < now.length; n++) {
      const o = now[n]!;
      if (isDone[o] === 1) continue;
      isDone[o] = 1;
      levels[o] = level;
      const x = o % width;
      if (x > 0) visit(o - 1);
      if (x < width - 1) visit(o + 1);
      if (o >= width) visit(o - width);
      if (o + width < cost.length) visit(o + width);
    }
    waiting[level] = [];

    function visit(neighbour: number): void {
      if (isDone[neighbour] === 0) waiting[Math.max(level, cost[neighbour]!)]!.push(neighbour);
    }
  }
  return levels;
}
