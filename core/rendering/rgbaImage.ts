/** A picture in memory, and painting on it. Pixels: (x, y) from the top left, RGBA bytes. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export type Rgb = readonly [red: number, green: number, blue: number];

export function blankImage(width: number, height: number, [r, g, b]: Rgb = [0, 0, 0]): RgbaImage {
  const rgba = new Uint8ClampedArray(width * height * 4);
  new Uint32Array(rgba.buffer).fill(((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
  return { width, height, rgba };
}

/** @param hex "#rrggbb" */
export function rgbOfHex(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** Mixes a colour over one pixel; outside of the picture nothing happens. @param alpha 0 … 1 */
export function blendPixel(image: RgbaImage, x: number, y: number, [r, g, b]: Rgb, alpha: number): void {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
  const at = (y * image.width + x) * 4;
  const d = image.rgba;
  d[at] = d[at]! + (r - d[at]!) * alpha;
  d[at + 1] = d[at + 1]! + (g - d[at + 1]!) * alpha;
  d[at + 2] = d[at + 2]! + (b - d[at + 2]!) * alpha;
}

/** Fills a rectangle given by its continuous edges; partly covered pixels are mixed by their covered area. */
export function fillRectangle(
  image: RgbaImage,
  left: number,
  top: number,
  right: number,
  bottom: number,
  color: Rgb,
  alpha = 1,
): void {
  for (let y = Math.floor(top); y < bottom; y++) {
    const rows = Math.min(bottom, y + 1) - Math.max(top, y);
    for (let x = Math.floor(left); x < right; x++) {
      const columns = Math.min(right, x + 1) - Math.max(left, x);
      blendPixel(image, x, y, color, alpha * rows * columns);
    }
  }
}
