/** What the worklist says of a study, drawn from its series: pure, so that table, filters and tests agree. */
import type { Warning } from '#contract/schemas/messages.ts';
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import type { SeriesSummary, StudySummary } from '#contract/schemas/study.ts';

/** The series that opens with the study: the one with the most slices; of equals, the first. Null in a study without one. */
export function mainSeries(study: StudySummary): SeriesSummary | null {
  let main: SeriesSummary | null = null;
  for (const series of study.series) if (!main || series.instances > main.instances) main = series;
  return main;
}

/** Codes of DICOM PS3.3 C.7.3.1.1.1, each once, in the order of the series: "CT", "PT/CT". */
export function modalityOf(study: StudySummary): string {
  return [...new Set(study.series.map((series) => series.modality))].join('/');
}

export function bytesOf(study: StudySummary): number {
  return study.series.reduce((sum, series) => sum + series.bytes, 0);
}

export function instancesOf(study: StudySummary): number {
  return study.series.reduce((sum, series) => sum + series.instances, 0);
}

export function warningsOf(study: StudySummary): Warning[] {
  return study.series.flatMap((series) => series.warnings);
}

export function segmentationsOf(study: StudySummary): SegmentationSummary[] {
  return study.series.flatMap((series) => series.segmentations);
}

export function hasProposal(study: StudySummary): boolean {
  return segmentationsOf(study).some(({ state }) => state === 'proposed');
}

/** "Abdomen, portal venous": the study's words, or else those of its main series. */
export function whatOf(study: StudySummary): string {
  const main = mainSeries(study);
  const parts = [study.description || main?.bodyPart, main?.description].filter(Boolean) as string[];
  const [first, second] = parts;
  return first && second && first.toLowerCase() === second.toLowerCase() ? first : parts.join(', ');
}

/** Imported or done on that day, in the time of this computer. */
export function isOfDay(study: StudySummary, day: Date): boolean {
  const localDay = (date: Date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
  const [year, month, date] = study.studyDate.split('-').map(Number);
  const today = localDay(day);
  return localDay(new Date(study.importedAt)) === today || `${year}-${month}-${date}` === today;
}

export type StudyState =
  | { readonly kind: 'proposal' }
  | { readonly kind: 'segmented'; readonly segments: number }
  | { readonly kind: 'warning'; readonly warnings: readonly Warning[] }
  | { readonly kind: 'new' }
  | { readonly kind: 'untouched' };

/** The one state that the table shows: what waits for a person comes first. */
export function stateOf(study: StudySummary, now: Date): StudyState {
  if (hasProposal(study)) return { kind: 'proposal' };
  const segments = segmentationsOf(study).reduce((sum, segmentation) => sum + segmentation.segments.length, 0);
  if (segments > 0) return { kind: 'segmented', segments };
  const warnings = warningsOf(study);
  if (warnings.length > 0) return { kind: 'warning', warnings };
  return isOfDay(study, now) ? { kind: 'new' } : { kind: 'untouched' };
}
