/**
 * How a slice lies in the network's square picture of 1024 × 1024: square pixels, the longer side fills it, the rest below or to the
 * right is empty. The network answers on a grid of 256 × 256 of the same square.
 */
import type { PromptSlice } from './promptSlice.ts';

/** Side of the network's picture, and of the grid of its answers. */
export const PICTURE_SIDE = 1024;
export const ANSWER_SIDE = 256;

/** A score that leaves little doubt. */
const SURE = 8;

export interface NetworkFrame {
  /** Picture pixels per slice pixel along x and y. */
  readonly scaleX: number;
  readonly scaleY: number;
}

export function networkFrame({ width, height, pixelSpacingMm: [sx, sy] }: PromptSlice): NetworkFrame {
  const perMm = PICTURE_SIDE / Math.max(width * sx, height * sy);
  return { scaleX: sx * perMm, scaleY: sy * perMm };
}

/** @returns picture coordinates, 0 = the picture's edge, of the slice pixel (x, y), 0 = its centre */
export function toPicture({ scaleX, scaleY }: NetworkFrame, x: number, y: number): readonly [number, number] {
  return [(x + 0.5) * scaleX, (y + 0.5) * scaleY];
}

/**
 * @param lower, upper the window: what is black and what is white, modality units
 * @returns three equal planes of 1024 × 1024, 0 to 1, the slice bilinearly enlarged
 */
export function networkPicture(
  slice: PromptSlice,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): Float32Array {
  const { width, height, values } = slice;
  const { scaleX, scaleY } = networkFrame(slice);
  const plane = PICTURE_SIDE * PICTURE_SIDE;
  const picture = new Float32Array(3 * plane);
  const columns = Math.min(PICTURE_SIDE, Math.round(width * scaleX));
  const rows = Math.min(PICTURE_SIDE, Math.round(height * scaleY));
  const grey = (o: number): number => Math.min(1, Math.max(0, (values[o]! - lower) / (upper - lower)));
  for (let v = 0; v < rows; v++) {
    const y = Math.min(height - 1, Math.max(0, (v + 0.5) / scaleY - 0.5));
    const y0 = Math.floor(y);
    const y1 = Math.min(height - 1, y0 + 1);
    const fy = y - y0;
    for (let u = 0; u < columns; u++) {
      const x = Math.min(width - 1, Math.max(0, (u + 0.5) / scaleX - 0.5));
      const x0 = Math.floor(x);
      const x1 = Math.min(width - 1, x0 + 1);
      const fx = x - x0;
      const above = grey(x0 + width * y0) * (1 - fx) + grey(x1 + width * y0) * fx;
      const below = grey(x0 + width * y1) * (1 - fx) + grey(x1 + width * y1) * fx;
      picture[u + PICTURE_SIDE * v] = above * (1 - fy) + below * fy;
    }
  }
  picture.copyWithin(plane, 0, plane);
  picture.copyWithin(2 * plane, 0, plane);
  return picture;
}

/** @param answer the network's 256 × 256 @returns it on the slice's pixels, bilinear */
export function answerOnSlice(slice: PromptSlice, answer: Float32Array): Float32Array {
  const { width, height } = slice;
  const { scaleX, scaleY } = networkFrame(slice);
  const step = ANSWER_SIDE / PICTURE_SIDE;
  const out = new Float32Array(width * height);
  // For each column the answer's column to the left, to the right, and how far it lies between them.
  const lefts = new Int32Array(width);
  const rights = new Int32Array(width);
  const parts = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    const u = Math.min(ANSWER_SIDE - 1, Math.max(0, (x + 0.5) * scaleX * step - 0.5));
    lefts[x] = Math.floor(u);
    rights[x] = Math.min(ANSWER_SIDE - 1, lefts[x]! + 1);
    parts[x] = u - lefts[x]!;
  }
  for (let y = 0; y < height; y++) {
    const v = Math.min(ANSWER_SIDE - 1, Math.max(0, (y + 0.5) * scaleY * step - 0.5));
    const v0 = Math.floor(v);
    const v1 = Math.min(ANSWER_SIDE - 1, v0 + 1);
    const fv = v - v0;
    for (let x = 0; x < width; x++) {
      const u0 = lefts[x]!;
      const u1 = rights[x]!;
      const fu = parts[x]!;
      const above = answer[u0 + ANSWER_SIDE * v0]! * (1 - fu) + answer[u1 + ANSWER_SIDE * v0]! * fu;
      const below = answer[u0 + ANSWER_SIDE * v1]! * (1 - fu) + answer[u1 + ANSWER_SIDE * v1]! * fu;
      out[x + width * y] = above * (1 - fv) + below * fv;
    }
  }
  return out;
}

/** @returns a mask in the form of an answer, so that the network can be asked for something alike */
export function maskAsAnswer(slice: PromptSlice, pixels: Uint8Array): Float32Array {
  const { width, height } = slice;
  const { scaleX, scaleY } = networkFrame(slice);
  const step = PICTURE_SIDE / ANSWER_SIDE;
  const out = new Float32Array(ANSWER_SIDE * ANSWER_SIDE).fill(-SURE);
  for (let v = 0; v < ANSWER_SIDE; v++) {
    const y = Math.round(((v + 0.5) * step) / scaleY - 0.5);
    if (y < 0 || y >= height) continue;
    for (let u = 0; u < ANSWER_SIDE; u++) {
      const x = Math.round(((u + 0.5) * step) / scaleX - 0.5);
      if (x >= 0 && x < width && pixels[x + width * y] === 1) out[u + ANSWER_SIDE * v] = SURE;
    }
  }
  return out;
}
