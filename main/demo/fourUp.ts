/** Four pictures as one: three planes and the surfaces, as on the workstation's screen. Pixels from the top left. */
import { blankImage, type Rgb, type RgbaImage } from '#core/rendering/rgbaImage.ts';

const GAP_PX = 4;
const BACKGROUND: Rgb = [10, 13, 17];

/** @param images axial, surfaces, coronal, sagittal: rows from the top left; each is centred in its quarter, not scaled */
export function fourUp(images: readonly RgbaImage[], quarterPx: number): RgbaImage {
  const side = 2 * quarterPx + 3 * GAP_PX;
  const sheet = blankImage(side, side, BACKGROUND);
  images.slice(0, 4).forEach((image, n) => {
    const left = GAP_PX + (n % 2) * (quarterPx + GAP_PX);
    const top = GAP_PX + Math.floor(n / 2) * (quarterPx + GAP_PX);
    const width = Math.min(image.width, quarterPx);
    const height = Math.min(image.height, quarterPx);
    for (let y = 0; y < quarterPx; y++) {
      sheet.rgba.fill(0, 4 * ((top + y) * side + left), 4 * ((top + y) * side + left + quarterPx));
      for (let x = 3; x < 4 * quarterPx; x += 4) sheet.rgba[4 * ((top + y) * side + left) + x] = 255;
    }
    const [x0, y0] = [left + ((quarterPx - width) >> 1), top + ((quarterPx - height) >> 1)];
    const [cutX, cutY] = [(image.width - width) >> 1, (image.height - height) >> 1];
    for (let y = 0; y < height; y++) {
      const from = 4 * ((cutY + y) * image.width + cutX);
      sheet.rgba.set(image.rgba.subarray(from, from + 4 * width), 4 * ((y0 + y) * side + x0));
    }
  });
  return sheet;
}
