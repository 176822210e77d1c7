/** Volumes as a clinician reads them: whole millilitres when large, enough figures when small. */
import { type VolumeGeometry, volumeMl } from '#core/geometry/volumeGeometry.ts';

/** @returns "1,489 ml", "373.0 ml", "12.4 ml", "1.85 ml", "0.42 ml", "0.0 ml" */
export function volumeInWords(geometry: VolumeGeometry, voxels: number): string {
  return `${mlInWords(volumeMl(geometry, voxels))} ml`;
}

export function mlInWords(ml: number): string {
  if (ml === 0) return '0.0';
  if (ml < 0.01) return ml.toPrecision(1);
  if (ml < 0.1) return ml.toPrecision(2);
  if (ml < 10) return ml.toFixed(2);
  if (ml < 1000) return ml.toFixed(1);
  return Math.round(ml).toLocaleString('en-US');
}
