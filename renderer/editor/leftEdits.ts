/**
 * Edits of segmentations that are not open any more: on their way to the host, or kept because they could not be saved (a full
 * disk, a vault that was locked meanwhile). Those are tried again when their series is opened again. Next: commitQueue.ts.
 */
import { LanternError } from '#core/errors/lanternError.ts';
import type { CommitQueue } from './commitQueue.ts';

let arriving: Promise<unknown> = Promise.resolve();
const unsaved = new Map<CommitQueue, string | null>();

/** @param seriesId of the segmentation that the queue saves */
export function leaveEdits(queue: CommitQueue, seriesId: string | null): void {
  const mine = queue.settled().then((isSaved) => {
    if (!isSaved) unsaved.set(queue, seriesId);
  });
  arriving = Promise.all([arriving, mine]);
}

/** Resolves when nothing is on its way any more, saved or not. */
export async function leftEditsSettled(): Promise<void> {
  await arriving;
}

export function hasUnsavedEdits(): boolean {
  return unsaved.size > 0;
}

/**
 * Resolves when the edits that were left are with the host: only then is the series read again.
 * @returns why edits of this series were dropped: the host will never take them; null where none were
 * @throws what keeps edits of this series from being saved
 */
export async function saveLeftEdits(seriesId: string): Promise<LanternError | null> {
  await arriving;
  let dropped: LanternError | null = null;
  for (const [queue, seriesOfQueue] of unsaved) {
    await queue.retry();
    const failure = queue.error && new LanternError(queue.error.code, queue.error.message, queue.error.hint);
    const isRefused = failure?.code.startsWith('segmentation/') ?? false;
    if (!failure || isRefused) unsaved.delete(queue);
    if (!failure || seriesOfQueue !== seriesId) continue;
    if (!isRefused) throw failure;
    dropped = failure;
  }
  return dropped;
}
