/**
 * The window a series opens with, in modality units (HU for CT).
 * @see DICOM PS3.3 C.11.2.1.2
 */
import { percentiles } from '../formats/pixelStats.ts';
import type { Scalars } from '../volume/volume.ts';

export interface WindowLevel {
  readonly center: number;
  readonly width: number;
}

/** Soft tissue; the abdomen's usual. */
export const CT_SOFT_TISSUE: WindowLevel = { center: 40, width: 400 };

/**
 * @param stated the file's own window; many files state a width of 0, which means nothing
 * @param scalars all values, or every so manieth; a function is called only where they are needed
 * @param range of all values
 * @returns the file's window, else soft tissue for CT, else the 1st to 99th percentile
 */
export function defaultWindow(
  stated: WindowLevel | null,
  modality: string,
  scalars: Scalars | (() => Scalars),
  range: { readonly min: number; readonly max: number },
): WindowLevel {
  if (stated && stated.width > 0 && Number.isFinite(stated.center) && Number.isFinite(stated.width)) return stated;
  if (modality === 'CT') return CT_SOFT_TISSUE;
  const [low, high] = percentiles(typeof scalars === 'function' ? scalars() : scalars, range, [0.01, 0.99]);
  const [bottom, top] = high !== undefined && low !== undefined && high > low ? [low, high] : [range.min, range.max];
  return { center: (bottom + top) / 2, width: Math.max(top - bottom, range.max > range.min ? 1e-6 : 1) };
}
