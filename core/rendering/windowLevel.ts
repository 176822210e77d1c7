/**
 * From modality values (HU for CT) to grey. Window centre and width as in DICOM, linear.
 * Next: renderKeyImage.ts (headless) and renderer/viewer (canvas).
 */
import { type Scalars, scalarTypeOf } from '../volume/volume.ts';

export interface WindowLevel {
  /** Modality unit. */
  readonly center: number;
  /** Modality unit; ≥ 1 for whole-numbered values, > 0 for float32. */
  readonly width: number;
  readonly invert?: boolean | undefined;
}

/**
 * @returns 0 … 255, not rounded
 * @see DICOM PS3.3 C.11.2.1.2.1 (linear VOI LUT function)
 */
export function windowedGrey(value: number, { center, width, invert }: WindowLevel): number {
  const span = Math.max(1, width) - 1;
  const low = center - 0.5 - span / 2;
  const fraction = value <= low ? 0 : value > low + span ? 1 : (value - low) / span;
  return 255 * (invert === true ? 1 - fraction : fraction);
}

/**
 * For values that are no whole numbers (PET, parameter maps), where a width may be below 1.
 * @returns 0 … 255, not rounded
 * @see DICOM PS3.3 C.11.2.1.3.2 (linear exact VOI LUT function)
 */
export function exactGrey(value: number, { center, width, invert }: WindowLevel): number {
  const fraction = Math.max(0, Math.min(1, (value - center) / width + 0.5));
  return 255 * (invert === true ? 1 - fraction : fraction);
}

/** @returns the narrowest window that makes sense for values of that type, modality unit */
export function leastWidth(scalars: Scalars): number {
  return scalarTypeOf(scalars) === 'float32' ? 1e-3 : 1;
}

/** Grey of every 16-bit value as packed RGBA; made once per window, so that a slice costs one look-up a pixel. */
export interface WindowLut {
  readonly window: WindowLevel;
  /** Index = value + 32768. */
  readonly signed: Uint32Array;
}

const LOWEST = -32_768;

export function windowLut(window: WindowLevel): WindowLut {
  // −32768 … 65535 covers int8, uint8, int16 and uint16 with one table.
  const signed = new Uint32Array(98_304);
  for (let n = 0; n < signed.length; n++) signed[n] = packedGrey(windowedGrey(n + LOWEST, window));
  return { window, signed };
}

/**
 * @param values modality values, any type
 * @param window centre and width, or a table made by {@link windowLut} when many slices share one
 * @param rgba one packed pixel a value; reused when given and long enough
 * @returns RGBA bytes of the pixels, opaque
 */
export function applyWindow(
  values: Scalars,
  window: WindowLevel | WindowLut,
  rgba?: Uint8ClampedArray<ArrayBuffer>,
): Uint8ClampedArray<ArrayBuffer> {
  const target =
    rgba !== undefined && rgba.length >= values.length * 4 ? rgba : new Uint8ClampedArray(values.length * 4);
  const pixels = new Uint32Array(target.buffer, target.byteOffset, values.length);
  const type = scalarTypeOf(values);
  if (type === 'float32' || type === 'int32') {
    const plain = 'signed' in window ? window.window : window;
    const grey = type === 'float32' ? exactGrey : windowedGrey;
    for (let n = 0; n < values.length; n++) pixels[n] = packedGrey(grey(values[n]!, plain));
    return target;
  }
  const { signed } = 'signed' in window ? window : windowLut(window);
  for (let n = 0; n < values.length; n++) pixels[n] = signed[values[n]! - LOWEST]!;
  return target;
}

/** Little-endian RGBA, as a canvas wants it. */
function packedGrey(grey: number): number {
  return (0xff000000 | (Math.round(grey) * 0x010101)) >>> 0;
}

/** Enough for percentiles of a window, few enough to cost nothing. */
const MOST_SAMPLES = 50_000;

function sortedSample(scalars: Scalars): number[] {
  // An odd stride walks over rows and columns alike.
  const step = Math.max(1, Math.floor(scalars.length / MOST_SAMPLES)) | 1;
  const samples: number[] = [];
  for (let n = 0; n < scalars.length; n += step) {
    const value = scalars[n]!;
    if (Number.isFinite(value)) samples.push(value);
  }
  return samples.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.floor(fraction * (sorted.length - 1))] ?? 0;
}

/**
 * A window for images without a unit (MR): from the 1st to the 99.5th percentile of the sampled values.
 * @param scalars at least one value; every n-th is looked at
 */
export function automaticWindow(scalars: Scalars): WindowLevel {
  const sorted = sortedSample(scalars);
  const low = quantile(sorted, 0.01);
  const high = quantile(sorted, 0.995);
  return { center: (low + high) / 2, width: Math.max(leastWidth(scalars), high - low) };
}

/** Of the values that are not background: how many may be plain black or white. */
const MOST_SATURATED = 0.9;
/** … and how much of the grey scale the middle 96 % of them must cover. */
const LEAST_CONTRAST = 0.25;

/**
 * Whether a window shows what is there: files of MR often carry one that fits another scaling of the values.
 * @param scalars the image or a slice of it; its lowest value counts as background
 */
export function showsValues({ center, width }: WindowLevel, scalars: Scalars): boolean {
  const sorted = sortedSample(scalars);
  const background = sorted[0] ?? 0;
  const tissue = sorted.filter((value) => value > background);
  if (tissue.length === 0) return true;
  const share = (value: number): number => Math.max(0, Math.min(1, (value - center) / width + 0.5));
  const saturated = tissue.filter((value) => share(value) === 0 || share(value) === 1).length / tissue.length;
  const contrast = share(quantile(tissue, 0.98)) - share(quantile(tissue, 0.02));
  return saturated <= MOST_SATURATED && contrast >= LEAST_CONTRAST;
}

/**
 * The window an image opens with.
 * @param stated the file's own
 * @param unit "HU" has a fixed scale, so that what the file states is meant (lung, bone)
 */
export function openingWindow(stated: WindowLevel, unit: string, scalars: Scalars): WindowLevel {
  return unit === 'HU' || showsValues(stated, scalars) ? stated : automaticWindow(scalars);
}
