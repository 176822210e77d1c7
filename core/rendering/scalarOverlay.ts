/**
 * A map of bytes laid over a grey slice in a colour that grows more opaque with the value: how unsure a network was (core/inference/
 * measureDoubt.ts), or what it needed to see (core/inference/explain). Brightness and opacity carry the meaning, so that it reads without
 * seeing hues. Slice pixels, as extractSlice.ts cuts them: the map lies on the volume's grid. Next: renderer/viewer/slice/slicePainter.ts.
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
/** Apart from amber, for maps that say why and not how sure: of what counts for a segment, and of what counts against it. */
export const FOR_COLOR: Rgb = [236, 92, 240];
export const AGAINST_COLOR: Rgb = [70, 210, 170];

/** The byte of a signed map that stands for 0: 1 is all against, 255 all for. */
export const SIGNED_ZERO = 128;

export interface ScalarOverlay {
  /** One byte a voxel, 0 … 255 for 0 … 1; the volume's grid, i fastest. */
  readonly values: Uint8Array;
  readonly color: Rgb;
  /** Of bytes below {@link SIGNED_ZERO}, where the map has a sign; left out: the same. */
  readonly below?: Rgb;
  /** Opacity by byte, 0 … 1 ({@link rampTable}, {@link signedTable}). */
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

/** @returns the opacity of every byte of a signed map: none at {@link SIGNED_ZERO}, all of it at both ends */
export function signedTable(opacity: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => opacity * Math.min(1, Math.abs(byte - SIGNED_ZERO) / 127));
}

/** @param full the value that is drawn in full colour @returns bytes of a signed map */
export function signedBytes(values: Float32Array, full: number): Uint8Array {
  return Uint8Array.from(values, (value) => SIGNED_ZERO + Math.round(127 * Math.max(-1, Math.min(1, value / full))));
}

/**
 * Mixes the colour over the pixels of a slice, in place.
 * @param rgba opaque pixels in screen order, as windowLevel.ts makes them
 * @param values one byte a pixel, in the same order
 */
export function blendScalars(
  rgba: Uint8ClampedArray,
  values: ArrayLike<number>,
  { color, below = color, alphas }: Pick<ScalarOverlay, 'color' | 'below' | 'alphas'>,
): void {
  for (let n = 0, at = 0; n < values.length; n++, at += 4) {
    const alpha = alphas[values[n]!]!;
    if (alpha === 0) continue;
    const [r, g, b] = values[n]! < SIGNED_ZERO ? below : color;
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
