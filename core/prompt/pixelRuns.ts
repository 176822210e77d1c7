/** A slice's mask as runs: start and length in turn, row by row; no run passes the end of its row. */

export function runsOfPixels(pixels: Uint8Array, width: number): number[] {
  const runs: number[] = [];
  for (let o = 0; o < pixels.length; o++) {
    if (pixels[o] === 0) continue;
    const start = o;
    const end = (Math.floor(o / width) + 1) * width;
    while (o < end && pixels[o] === 1) o++;
    runs.push(start, o - start);
    o--;
  }
  return runs;
}

/** The inverse of {@link runsOfPixels}. */
export function pixelsOfRuns(runs: readonly number[], count: number): Uint8Array {
  const pixels = new Uint8Array(count);
  for (let r = 0; r + 1 < runs.length; r += 2) pixels.fill(1, runs[r]!, runs[r]! + runs[r + 1]!);
  return pixels;
}
