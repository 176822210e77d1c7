/** The grid of a series in words. */
import type { SeriesSummary } from '#contract/schemas/study.ts';
import { words } from '../words/index.ts';

/** @returns "512 × 512 × 129" and "0.57 × 0.57 × 1.6 mm": voxels and spacing alike along i, j, k (columns, rows, slices) */
export function formatGrid({
  size,
  spacingMm,
  instances,
}: Pick<SeriesSummary, 'size' | 'spacingMm' | 'instances'>): string[] {
  const [columns, rows, slices] = size;
  if (slices <= 1) return [words.worklist.imageCount(instances)];
  return [`${columns} × ${rows} × ${slices}`, `${spacingMm.map(trimmed).join(' × ')} mm`];
}

/** Two decimals at most, none of them an idle zero. */
function trimmed(millimetres: number): string {
  return String(Number(millimetres.toFixed(2)));
}
