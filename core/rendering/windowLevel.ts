/**
 * From modality values (HU for CT) to grey. Window centre and width as in DICOM, linear.
 * Next: renderKeyImage.ts (headless) and renderer/viewer (canvas).
 */
import { type Scalars, scalarTypeOf } from '../volume/volume.ts';

export interface WindowLevel {
  /** Modality unit. */
  readonly center: number;
  /** Modality unit, ≥ 1. */
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
    for (let n = 0; n < values.length; n++) pixels[n] = packedGrey(windowedGrey(values[n]!, plain));
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

/**
 * A window for images without a unit (MR): from the 1st to the 99.5th percentile of the sampled values.
 * @param scalars at least one value; every n-th is looked at
 */
export function automaticWindow(scalars: Scalars): WindowLevel {
  const step = Math.max(1, Math.floor(scalars.length / 50_000));
  const samples: number[] = [];
  for (let n = 0; n < scalars.length; n += step) {
    const value = scalars[n]!;
    if (Number.isFinite(value)) samples.push(value);
  }
  samples.sort((a, b) => a - b);
  const at = (fraction: number): number => samples[Math.floor(fraction * (samples.length - 1))] ?? 0;
  const low = at(0.01);
  const high = at(0.995);
  return { center: (low + high) / 2, width: Math.max(1, high - low) };
}
