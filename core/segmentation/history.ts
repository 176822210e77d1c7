/**
 * The plan of a persisted history: a list of steps with a cursor, bounded by bytes. Pure bookkeeping on sequence numbers; the
 * host keeps the packets. Snapshots are the layers as they stood after a step, so that loading replays few edits.
 */
export interface StoredStep {
  readonly sequence: number;
  readonly bytes: number;
}

export interface HistoryBounds {
  /** A snapshot is due when this many steps … */
  readonly stepsPerSnapshot: number;
  /** … or this many bytes of packets lie between the cursor and the nearest snapshot. */
  readonly bytesPerSnapshot: number;
  /** Oldest steps go when all packets together are larger. */
  readonly mostBytes: number;
}

export const HISTORY_BOUNDS: HistoryBounds = {
  stepsPerSnapshot: 200,
  bytesPerSnapshot: 32 * 2 ** 20,
  mostBytes: 512 * 2 ** 20,
};

/** @returns whether the layers should be kept as they stand at `cursor` */
export function snapshotDue(
  steps: readonly StoredStep[],
  snapshots: readonly number[],
  cursor: number,
  bounds: HistoryBounds,
): boolean {
  const between = steps.filter((s) => s.sequence <= cursor && s.sequence > lastAtOrBefore(snapshots, cursor));
  const bytes = between.reduce((n, s) => n + s.bytes, 0);
  return between.length >= bounds.stepsPerSnapshot || bytes >= bounds.bytesPerSnapshot;
}

/**
 * @returns the greatest sequence that may go so that the rest fits the bound; steps after a snapshot, and after the cursor,
 * never go, so the present state is never lost. 0: nothing has to go.
 */
export function droppableThrough(
  steps: readonly StoredStep[],
  snapshots: readonly number[],
  cursor: number,
  bounds: HistoryBounds,
): number {
  let excess = steps.reduce((n, s) => n + s.bytes, 0) - bounds.mostBytes;
  const latest = lastAtOrBefore(snapshots, cursor);
  let through = 0;
  for (const step of [...steps].sort((a, b) => a.sequence - b.sequence)) {
    if (excess <= 0 || step.sequence > latest) break;
    through = step.sequence;
    excess -= step.bytes;
  }
  return through;
}

/**
 * From which snapshot the layers at `cursor` are made with the least work. Sequence 0 without a snapshot means empty layers,
 * which is true as long as the first step is still there.
 * @returns the snapshot's sequence; steps between it and the cursor are applied, or reverted where it lies after the cursor
 */
export function nearestSnapshot(
  steps: readonly StoredStep[],
  snapshots: readonly number[],
  cursor: number,
): number | null {
  const bytesBetween = (at: number) =>
    steps
      .filter((s) => s.sequence > Math.min(at, cursor) && s.sequence <= Math.max(at, cursor))
      .reduce((n, s) => n + s.bytes, 0);
  const first = Math.min(...steps.map((s) => s.sequence), Number.POSITIVE_INFINITY);
  const last = Math.max(...steps.map((s) => s.sequence), Number.NEGATIVE_INFINITY);
  const startsEmpty = !snapshots.includes(0) && (first === 1 || (steps.length === 0 && cursor === 0));
  const candidates = startsEmpty ? [0, ...snapshots] : [...snapshots];
  const reachable = candidates.filter(
    (at) => at === cursor || (first <= Math.min(at, cursor) + 1 && last >= Math.max(at, cursor)),
  );
  return reachable.reduce<number | null>(
    (best, at) => (best === null || bytesBetween(at) < bytesBetween(best) ? at : best),
    null,
  );
}

function lastAtOrBefore(snapshots: readonly number[], cursor: number): number {
  return snapshots.reduce((last, at) => (at <= cursor && at > last ? at : last), 0);
}
