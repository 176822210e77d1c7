/** Which warnings of a series say that things do not lie where its grid says, or are not as long. Next: seriesGeometry.ts. */
import type { SeriesWarning } from './seriesGeometry.ts';

const GEOMETRY: ReadonlySet<string> = new Set([
  'series/missing-slice',
  'series/varying-spacing',
  'series/shifted-slices',
  'series/gantry-tilt',
]);

/** @returns those that whoever takes a result of the series elsewhere must know */
export function geometryWarnings<W extends SeriesWarning>(warnings: readonly W[]): W[] {
  return warnings.filter(({ code }) => GEOMETRY.has(code));
}
