/**
 * A map of bytes laid over a grey slice in one colour that grows more opaque with the value: how unsure a network was (core/inference/
 * measureDoubt.ts). Brightness and opacity carry the meaning, so that it reads without seeing hues. Slice pixels, as extractSlice.ts
 * cuts them: the map lies on the volume's grid. Next: renderer/viewer/slice/slicePainter.ts.
 */
import type { Rgb } from './rgbaImage.ts';

/** How values become opacity: none up to `from`, all of it at `to` and above; values 0 … 1. */
export interface OpacityRamp {
  readonly from: number;
  readonly to: number;
  /** 0 … 1, at `to`. */
  readonly opacity: number;
}

/** Amber: apart from grey for every kind of colour vision, and lighter than the tissue it lies on. */
export const DOUBT_COLOR: Rgb = [255, 176, 0];

export interface ScalarOverlay {
  /** One byte a voxel, 0 … 255 for 0 … 1; the volume's grid, i fastest. */
  readonly values: Uint8Array;
  readonly color: Rgb;
  /** Opacity by byte, 0 … 1 ({@link rampTable}). */
  readonly alphas: Float32Array;
}

/**
 * @param ramp `from` below `to`
 * @returns the opacity of every byte, growing evenly between the ramp's ends
 */
export function rampTable({ from, to, opacity }: OpacityRamp): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const share = (byte / 255 - from) / (to - from);
    return opacity * Math.max(0, Math.min(1, share));
  });
}

/**
 * Mixes the colour over the pixels of a slice, in place.
 * @param rgba opaque pixels in screen order, as windowLevel.ts makes them
 * @param values one byte a pixel, in the same order
 */
export function blendScalars(
  rgba: Uint8ClampedArray,
  values: ArrayLike<number>,
  { color: [r, g, b], alphas }: Pick<ScalarOverlay, 'color' | 'alphas'>,
): void {
  for (let n = 0, at = 0; n < values.length; n++, at += 4) {
    const alpha = alphas[values[n]!]!;
    if (alpha === 0) continue;
    rgba[at] = rgba[at]! + (r - rgba[at]!) * alpha;
    rgba[at + 1] = rgba[at + 1]! + (g - rgba[at + 1]!) * alpha;
    rgba[at + 2] = rgba[at + 2]! + (b - rgba[at + 2]!) * alpha;
  }
}

/**
 * Where the colour of doubt begins and is full: at full colour two classes are equally likely, whatever the number of classes. Below
 * the beginning a class has about 98 % of the probability.
 * @param classes of the network, background included; 2 for classes that do not exclude one another
 */
export function doubtRamp(classes: number, opacity: number): OpacityRamp {
  const to = Math.LN2 / Math.log(Math.max(2, classes));
  return { from: 0.14 * to, to, opacity };
}
