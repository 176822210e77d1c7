/**
 * Bounds the history: keeps snapshots of the layers so that loading replays little, and drops the oldest edits when all of them
 * together grow too large. The present state is never lost: an edit only goes when a snapshot stands after it.
 */
import type { SegmentationContent } from '#core/segmentation/edit.ts';
import { droppableThrough, type HistoryBounds, nearestSnapshot, snapshotDue } from '#core/segmentation/history.ts';
import { allFinished } from '../vault/allFinished.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { bytesPerVoxel, type OpenSegmentation } from './openSegmentation.ts';
import type { SegmentationRows, SnapshotRow } from './segmentationRows.ts';

export interface WrittenSnapshot {
  readonly rows: readonly SnapshotRow[];
  /** Must run inside of the transaction that needs the snapshot. */
  commitRows(segmentationId: string): void;
}

export class SnapshotKeeper {
  readonly #vault: OpenVault;
  readonly #rows: SegmentationRows;
  readonly #bounds: HistoryBounds;

  constructor(vault: OpenVault, rows: SegmentationRows, bounds: HistoryBounds) {
    this.#vault = vault;
    this.#rows = rows;
    this.#bounds = bounds;
  }

  /** Writes every layer as an object; a crash before `commitRows` leaves orphans that the vault collects. */
  async write(content: SegmentationContent, sequence: number): Promise<WrittenSnapshot> {
    const objects = await allFinished(
      content.layers.map(({ voxels: { buffer, byteOffset, byteLength } }) =>
        this.#vault.objects.put('labelmap', new Uint8Array(buffer, byteOffset, byteLength), 'zstd'),
      ),
    );
    const rows = content.layers.map(({ voxels }, layer) => ({
      ...{ sequence, layer },
      bytesPerVoxel: bytesPerVoxel(voxels),
      objectId: objects[layer]?.id ?? '',
    }));
    return {
      rows,
      commitRows: (segmentationId) => {
        for (const object of objects) object.commitRow();
        for (const row of rows) this.#rows.insertSnapshot(segmentationId, row);
      },
    };
  }

  /** What goes with the steps that were undone when something new is done. */
  afterCursor(open: OpenSegmentation): { kept: SnapshotRow[]; dropped: SnapshotRow[]; losesGround: boolean } {
    const { cursor } = open.record;
    const kept = open.snapshots.filter((s) => s.sequence <= cursor);
    const steps = open.steps.filter((s) => s.sequence <= cursor);
    return {
      kept,
      dropped: open.snapshots.filter((s) => s.sequence > cursor),
      losesGround: nearestSnapshot(steps, sequences(kept), cursor) === null,
    };
  }

  removeRows(segmentationId: string, snapshots: readonly SnapshotRow[]): void {
    for (const row of snapshots) {
      this.#rows.deleteSnapshot(segmentationId, row);
      this.#vault.objects.remove(row.objectId);
    }
  }

  due(open: OpenSegmentation): boolean {
    return (
      snapshotDue(open.steps, sequences(open.snapshots), open.record.cursor, this.#bounds) ||
      droppableThrough(open.steps, sequences(open.snapshots), open.record.cursor, this.#bounds) > 0
    );
  }

  /** Takes a snapshot at the cursor where one is due, then drops what is too much. */
  async maintain(open: OpenSegmentation): Promise<OpenSegmentation> {
    const { id, cursor } = open.record;
    const due = snapshotDue(open.steps, sequences(open.snapshots), cursor, this.#bounds);
    const written = due ? await this.write(open.content, cursor) : null;
    const snapshots = [...open.snapshots, ...(written?.rows ?? [])];
    const through = droppableThrough(open.steps, sequences(snapshots), cursor, this.#bounds);
    const useless = open.snapshots.filter((s) => s.sequence < through);
    const dropped = { action: 'segmentation.drop-history', subject: id, detail: { through } };
    this.#vault.transact(through > 0 ? dropped : null, () => {
      written?.commitRows(id);
      this.#rows.deleteEditsThrough(id, through);
      this.removeRows(id, useless);
    });
    return {
      ...open,
      steps: open.steps.filter((s) => s.sequence > through),
      snapshots: snapshots.filter((s) => s.sequence >= through),
    };
  }
}

function sequences(snapshots: readonly SnapshotRow[]): number[] {
  return [...new Set(snapshots.map((s) => s.sequence))];
}
