/**
 * How much more often a value occurs inside of a structure than around it: the logarithm of the ratio of two histograms, which needs
 * no shape of the distributions and holds for bone with marrow as for an even organ.
 */

const BINS = 96;
/** No value speaks louder than that: the histograms are small. */
const MOST = 3;

/**
 * @param values smoothed, one for each pixel
 * @param inside, outside the pixels that the two histograms are made of
 * @param window values beyond it count as its ends
 * @returns for each pixel, above 0 where it is more like the inside
 */
export function intensityEvidence(
  values: Float32Array,
  inside: Uint8Array,
  outside: Uint8Array,
  window: { readonly lower: number; readonly upper: number },
): Float32Array {
  const scale = (BINS - 1) / (window.upper - window.lower);
  const bin = (value: number): number => Math.min(BINS - 1, Math.max(0, Math.round((value - window.lower) * scale)));
  const a = histogram(values, inside, bin);
  const b = histogram(values, outside, bin);
  const table = Float32Array.from(a, (p, n) => {
    const ratio = Math.log((p + 0.002) / (b[n]! + 0.002));
    return Math.max(-MOST, Math.min(MOST, ratio));
  });
  return Float32Array.from(values, (v) => table[bin(v)]!);
}

/** @returns the share of each bin, blurred over its neighbours */
function histogram(values: Float32Array, of: Uint8Array, bin: (value: number) => number): Float64Array {
  const counts = new Float64Array(BINS);
  let total = 0;
  for (let o = 0; o < values.length; o++) {
    if (of[o] === 0) continue;
    counts[bin(values[o]!)]!++;
    total++;
  }
  if (total === 0) return counts;
  const kernel = [0.06, 0.24, 0.4, 0.24, 0.06];
  return counts.map((_, n) => kernel.reduce((sum, weight, k) => sum + (weight * (counts[n + k - 2] ?? 0)) / total, 0));
}
