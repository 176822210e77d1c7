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
  const isMet = new Uint8Array(cost.length);
  // By level a list of the pixels that wait: its last one, and by pixel the one before.
  const last = new Int32Array(LEVELS).fill(-1);
  const before = new Int32Array(cost.length);
  // A pixel waits once only: levels rise, so the first way to it is the cheapest.
  const meet = (o: number, level: number): void => {
    if (isMet[o] === 1) return;
    isMet[o] = 1;
    const own = Math.max(level, cost[o]!);
    before[o] = last[own]!;
    last[own] = o;
  };
  for (const seed of seeds) meet(seed, 0);
  for (let level = 0; level < LEVELS; level++) {
    // Grows while it is walked: a neighbour that costs less than the way to it costs the same.
    for (let o = last[level]!; o >= 0; o = last[level]!) {
      last[level] = before[o]!;
      levels[o] = level;
      const x = o % width;
      if (x > 0) meet(o - 1, level);
      if (x < width - 1) meet(o + 1, level);
      if (o >= width) meet(o - width, level);
      if (o + width < cost.length) meet(o + width, level);
    }
  }
  return levels;
}
