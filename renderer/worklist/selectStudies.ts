/** Which studies the table shows, and in which order. Next: studyFacts.ts. */
import type { StudySummary } from '#contract/schemas/study.ts';
import { personName } from './personName.ts';
import { bytesOf, hasProposal, instancesOf, isOfDay, modalityOf, stateOf, warningsOf, whatOf } from './studyFacts.ts';

export type Show = 'all' | 'today' | 'proposals' | 'warnings';
export type Column = 'patient' | 'date' | 'modality' | 'what' | 'images' | 'state' | 'size';

export interface Selection {
  readonly show: Show;
  /** As `modalityOf` writes it; null: every one. */
  readonly modality: string | null;
  readonly search: string;
  readonly column: Column;
  readonly descending: boolean;
}

export function isShown(study: StudySummary, show: Show, now: Date): boolean {
  if (show === 'today') return isOfDay(study, now);
  if (show === 'proposals') return hasProposal(study);
  if (show === 'warnings') return warningsOf(study).length > 0;
  return true;
}

/** @returns a new array; studies that compare equal stay newest first */
export function selectStudies(studies: readonly StudySummary[], selection: Selection, now: Date): StudySummary[] {
  const words = folded(selection.search).split(/\s+/).filter(Boolean);
  const matching = studies.filter(
    (study) =>
      isShown(study, selection.show, now) &&
      (selection.modality === null || modalityOf(study) === selection.modality) &&
      words.every((word) => searchText(study).includes(word)),
  );
  const order = comparisons(now)[selection.column];
  const sign = selection.descending ? -1 : 1;
  return matching.sort((a, b) => sign * order(a, b) || b.importedAt.localeCompare(a.importedAt));
}

function searchText(study: StudySummary): string {
  const series = study.series.flatMap(({ description, bodyPart, modality }) => [description, bodyPart, modality]);
  const { patientName, patientId, description, accessionNumber, studyDate } = study;
  return folded(
    [personName(patientName), patientName, patientId, description, accessionNumber, studyDate, ...series].join(' '),
  );
}

/** Without case and accents: whoever types "muller" finds Müller. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

type Comparison = (a: StudySummary, b: StudySummary) => number;

function comparisons(now: Date): Record<Column, Comparison> {
  const byText =
    (text: (study: StudySummary) => string): Comparison =>
    (a, b) =>
      text(a).localeCompare(text(b), 'en', { numeric: true, sensitivity: 'base' });
  const stateRank = { proposal: 0, warning: 1, new: 2, untouched: 3, segmented: 4 } as const;
  return {
    patient: byText((study) => `${personName(study.patientName)} ${study.patientId}`),
    date: byText((study) => study.studyDate),
    modality: byText(modalityOf),
    what: byText(whatOf),
    images: (a, b) => instancesOf(a) - instancesOf(b),
    state: (a, b) => stateRank[stateOf(a, now).kind] - stateRank[stateOf(b, now).kind],
    size: (a, b) => bytesOf(a) - bytesOf(b),
  };
}
