/** The grid of a series in one line. */
import type { SeriesSummary } from '#contract/schemas.ts';
import { words } from '../words/index.ts';

/** @returns "129 × 512 × 512 · 0.57 × 0.57 × 1.6 mm": slices first, then the slice's columns and rows; spacing in axis order */
export function formatGrid({
  size,
  spacingMm,
  instances,
}: Pick<SeriesSummary, 'size' | 'spacingMm' | 'instances'>): string {
  const [columns, rows, slices] = size;
  if (slices <= 1) return words.worklist.imageCount(instances);
  // Where the line is too long it breaks between grid and spacing, and nowhere else.
  return `${slices} × ${columns} × ${rows} · ${spacingMm.map(trimmed).join(' × ')} mm`
    .replaceAll(/ (?!·)/g, '\u00a0')
    .replace('·\u00a0', '· ');
}

/** Two decimals at most, none of them an idle zero. */
function trimmed(millimetres: number): string {
  return String(Number(millimetres.toFixed(2)));
}
