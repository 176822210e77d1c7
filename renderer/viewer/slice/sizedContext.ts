/** A canvas with as many device pixels as it covers, and whether it has to be drawn again. Used by the two painters. */

/** @returns the context of the canvas; it is cleared where the size has changed */
export function sizedContext(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio: number,
): CanvasRenderingContext2D | null {
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  return canvas.getContext('2d');
}

/** @returns whether a drawing made from these values is still right */
export function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, n) => Object.is(value, b[n]));
}
