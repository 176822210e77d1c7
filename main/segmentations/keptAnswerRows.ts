/**
 * Which answers of a model stand in which segment, and where they come from. Kept apart from the steps of the history, because these
 * are dropped when there are too many of them, and an export must name the model all the same.
 */
import type { Database } from 'better-sqlite3-multiple-ciphers';
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { Edit } from '#core/segmentation/edit.ts';

export interface KeptAnswer {
  /** Number of the segment. */
  readonly segment: number;
  readonly provenance: Provenance;
}

/** What of them a new step changes. Must run inside of the step's transaction. @param sequence of the new step, which follows the cursor */
export function noteKeptAnswers(
  db: Database,
  id: string,
  sequence: number,
  edit: Edit,
  keptBy: Pick<Provenance, 'operator' | 'at'>,
): void {
  db.prepare('DELETE FROM kept_answer WHERE segmentation_ref = ? AND sequence >= ?').run(id, sequence);
  db.prepare('UPDATE kept_answer SET removed_at = NULL WHERE segmentation_ref = ? AND removed_at >= ?').run(
    id,
    sequence,
  );
  const remove = db.prepare(
    'UPDATE kept_answer SET removed_at = ? WHERE segmentation_ref = ? AND segment = ? AND removed_at IS NULL',
  );
  for (const number of removedBy(edit)) remove.run(sequence, id, number);
  if (!edit.origin) return;
  const provenance = JSON.stringify({ ...edit.origin, ...keptBy });
  const insert = db.prepare(
    'INSERT INTO kept_answer (segmentation_ref, sequence, segment, provenance) VALUES (?, ?, ?, ?)',
  );
  for (const number of writtenBy(edit)) insert.run(id, sequence, number, provenance);
}

/** @param cursor up to here the steps are done @returns in the order in which they were kept */
export function keptAnswersAt(db: Database, id: string, cursor: number): KeptAnswer[] {
  const rows = db
    .prepare(
      `SELECT segment, provenance FROM kept_answer
       WHERE segmentation_ref = ? AND sequence <= ? AND (removed_at IS NULL OR removed_at > ?) ORDER BY sequence, segment`,
    )
    .all(id, cursor, cursor) as { segment: number; provenance: string }[];
  return rows.map(({ segment, provenance }) => ({ segment, provenance: JSON.parse(provenance) as Provenance }));
}

function removedBy({ segmentsBefore, segmentsAfter }: Edit): number[] {
  const left = new Set(segmentsAfter?.map(({ number }) => number));
  return (segmentsBefore ?? []).map(({ number }) => number).filter((number) => !left.has(number));
}

function writtenBy({ deltas }: Edit): Set<number> {
  const written = new Set<number>();
  for (const { delta } of deltas) {
    for (let r = 3; r < delta.runs.length; r += 4) if (delta.runs[r] !== 0) written.add(delta.runs[r]!);
  }
  return written;
}
