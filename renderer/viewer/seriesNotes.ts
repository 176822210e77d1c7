/** What is wrong with a series' geometry, in the few words that fit a view; whole sentences: the series' own warnings. */
import type { Measurement } from '#contract/schemas/measurement.ts';
import type { SeriesDetail, SeriesSummary } from '#contract/schemas/study.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { type VolumeGeometry, worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { words } from '../words/index.ts';

type Warning = SeriesSummary['warnings'][number];

/** Where steps along the stack are not what the grid says. */
const UNEVEN: ReadonlySet<string> = new Set([
  'series/missing-slice',
  'series/varying-spacing',
  'series/shifted-slices',
]);

/** @returns the warnings that concern where things lie and how long they are */
export function geometryWarnings(warnings: readonly Warning[]): readonly Warning[] {
  return warnings.filter(({ code }) => code in words.viewer.geometryNotes);
}

/** @returns one short note a warning */
export function geometryNotes(warnings: readonly Warning[]): string[] {
  const notes: Readonly<Record<string, string>> = words.viewer.geometryNotes;
  return warnings.flatMap(({ code }) => notes[code] ?? []);
}

/** @returns whether a measurement's lengths cross slices whose distances the grid does not give rightly */
export function isUncertain(
  { pointsLps }: Pick<Measurement, 'pointsLps'>,
  warnings: SeriesDetail['series']['warnings'],
  geometry: VolumeGeometry,
): boolean {
  if (!warnings.some(({ code }) => UNEVEN.has(code))) return false;
  const slices = pointsLps.map((point) => worldToIndex(geometry, worldPoint(...point))[2]);
  return Math.max(...slices) - Math.min(...slices) > 0.01;
}
