/** The order in which an image's slices are fetched: what is shown first comes first. Used by useVolume.ts. */

/**
 * @param count number of slices
 * @param chunk slices a request after the first
 * @returns ranges of slices (both ends included) that cover all of them once: the middle one alone, then outwards by turns
 */
export function slicesFromTheMiddle(count: number, chunk: number): Array<readonly [first: number, last: number]> {
  const middle = Math.round((count - 1) / 2);
  const ranges: Array<readonly [number, number]> = [[middle, middle]];
  let below = middle - 1;
  let above = middle + 1;
  while (below >= 0 || above < count) {
    if (above < count) {
      const last = Math.min(count - 1, above + chunk - 1);
      ranges.push([above, last]);
      above = last + 1;
    }
    if (below >= 0) {
      const first = Math.max(0, below - chunk + 1);
      ranges.push([first, below]);
      below = first - 1;
    }
  }
  return ranges;
}
