/** The rows of segmentations, segments, edits and snapshots: read and written here only. Next: segmentationService.ts. */
import type { Database } from 'better-sqlite3-multiple-ciphers';
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { SegmentationState } from '#contract/schemas/segmentation.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { StoredStep } from '#core/segmentation/history.ts';
import type { Segment, SegmentOrigin } from '#core/segmentation/segment.ts';

export interface SegmentationRecord {
  readonly id: string;
  readonly seriesId: string;
  readonly name: string;
  readonly state: SegmentationState;
  readonly origin: SegmentOrigin;
  readonly provenance: Provenance | null;
  readonly geometry: VolumeGeometry;
  /** Sequence of the last edit that is done; 0: none is. */
  readonly cursor: number;
  /** Grows with every commit, undo and redo. */
  readonly revision: number;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** A step of the history without its packet. */
export interface EditStep extends StoredStep {
  readonly code: string;
  readonly label: string;
  readonly at: string;
}

export interface SnapshotRow {
  readonly sequence: number;
  readonly layer: number;
  readonly bytesPerVoxel: 1 | 2;
  readonly objectId: string;
}

export class SegmentationRows {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  seriesExists(seriesId: string): boolean {
    return this.#db.prepare('SELECT 1 FROM series WHERE id = ?').get(seriesId) !== undefined;
  }

  /** @returns the grid of the series' volume; null while it has none */
  gridOfSeries(seriesId: string): VolumeGeometry | null {
    const row = this.#db.prepare('SELECT geometry FROM volume WHERE series_ref = ?').get(seriesId);
    return row ? (JSON.parse((row as { geometry: string }).geometry) as VolumeGeometry) : null;
  }

  find(id: string): SegmentationRecord | null {
    const row = this.#db.prepare('SELECT * FROM segmentation WHERE id = ?').get(id);
    return row ? recordOf(row as SegmentationTableRow) : null;
  }

  ofSeries(seriesId: string): SegmentationRecord[] {
    const rows = this.#db
      .prepare('SELECT * FROM segmentation WHERE series_ref = ? ORDER BY created_at, id')
      .all(seriesId) as SegmentationTableRow[];
    return rows.map(recordOf);
  }

  insert(record: SegmentationRecord): void {
    this.#db
      .prepare(
        `INSERT INTO segmentation (id, series_ref, geometry, name, state, origin, provenance, cursor, revision, created_at, modified_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        record.id,
        record.seriesId,
        JSON.stringify(record.geometry),
        record.name,
        record.state,
        record.origin,
        record.provenance === null ? null : JSON.stringify(record.provenance),
        record.cursor,
        record.revision,
        record.createdAt,
        record.modifiedAt,
      );
  }

  /** @returns whether the segmentation is still there */
  update(record: SegmentationRecord): boolean {
    const { changes } = this.#db
      .prepare('UPDATE segmentation SET name = ?, state = ?, cursor = ?, revision = ?, modified_at = ? WHERE id = ?')
      .run(record.name, record.state, record.cursor, record.revision, record.modifiedAt, record.id);
    return changes === 1;
  }

  /** Edits, segments and snapshot rows go with it; the snapshots' objects are the caller's to remove. */
  delete(id: string): boolean {
    return this.#db.prepare('DELETE FROM segmentation WHERE id = ?').run(id).changes === 1;
  }

  segments(id: string): { segments: Segment[]; voxels: Map<number, number> } {
    const rows = this.#db
      .prepare('SELECT * FROM segment WHERE segmentation_ref = ? ORDER BY ordinal')
      .all(id) as SegmentTableRow[];
    return { segments: rows.map(segmentOf), voxels: new Map(rows.map((row) => [row.number, row.voxels])) };
  }

  replaceSegments(id: string, segments: readonly Segment[], voxels: ReadonlyMap<number, number>): void {
    this.#db.prepare('DELETE FROM segment WHERE segmentation_ref = ?').run(id);
    const insert = this.#db.prepare(
      `INSERT INTO segment (segmentation_ref, number, ordinal, layer, name, color, codes, opacity, display, visible, locked, origin, voxels)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const [ordinal, s] of segments.entries()) {
      insert.run(
        id,
        s.number,
        ordinal,
        s.layer,
        s.name,
        s.color,
        JSON.stringify(s.codes),
        s.opacity,
        s.display,
        s.visible ? 1 : 0,
        s.locked ? 1 : 0,
        s.origin,
        voxels.get(s.number) ?? 0,
      );
    }
  }

  steps(id: string): EditStep[] {
    return this.#db
      .prepare(
        `SELECT sequence, length(packet) AS bytes, code, label, created_at AS at FROM edit
         WHERE segmentation_ref = ? ORDER BY sequence`,
      )
      .all(id) as EditStep[];
  }

  packet(id: string, sequence: number): Uint8Array | null {
    const row = this.#db
      .prepare('SELECT packet FROM edit WHERE segmentation_ref = ? AND sequence = ?')
      .get(id, sequence) as { packet: Uint8Array } | undefined;
    return row ? new Uint8Array(row.packet) : null;
  }

  insertEdit(editId: string, id: string, step: EditStep, source: string, packet: Uint8Array): void {
    this.#db
      .prepare(
        `INSERT INTO edit (id, segmentation_ref, sequence, code, label, source, packet, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(editId, id, step.sequence, step.code, step.label, source, packet, step.at);
  }

  deleteEditsAfter(id: string, sequence: number): void {
    this.#db.prepare('DELETE FROM edit WHERE segmentation_ref = ? AND sequence > ?').run(id, sequence);
  }

  deleteEditsThrough(id: string, sequence: number): void {
    this.#db.prepare('DELETE FROM edit WHERE segmentation_ref = ? AND sequence <= ?').run(id, sequence);
  }

  snapshots(id: string): SnapshotRow[] {
    return this.#db
      .prepare(
        `SELECT sequence, layer, bytes_per_voxel AS bytesPerVoxel, object_ref AS objectId FROM labelmap_snapshot
         WHERE segmentation_ref = ? ORDER BY sequence, layer`,
      )
      .all(id) as SnapshotRow[];
  }

  insertSnapshot(id: string, row: SnapshotRow): void {
    this.#db
      .prepare(
        `INSERT INTO labelmap_snapshot (segmentation_ref, sequence, layer, bytes_per_voxel, object_ref) VALUES (?, ?, ?, ?, ?)`,
      )
      .run(id, row.sequence, row.layer, row.bytesPerVoxel, row.objectId);
  }

  deleteSnapshot(id: string, row: SnapshotRow): void {
    this.#db
      .prepare('DELETE FROM labelmap_snapshot WHERE segmentation_ref = ? AND sequence = ? AND layer = ?')
      .run(id, row.sequence, row.layer);
  }
}

interface SegmentationTableRow {
  readonly id: string;
  readonly series_ref: string;
  readonly geometry: string;
  readonly name: string;
  readonly state: SegmentationState;
  readonly origin: SegmentOrigin;
  readonly provenance: string | null;
  readonly cursor: number;
  readonly revision: number;
  readonly created_at: string;
  readonly modified_at: string;
}

interface SegmentTableRow {
  readonly number: number;
  readonly layer: number;
  readonly name: string;
  readonly color: string;
  readonly codes: string;
  readonly opacity: number;
  readonly display: Segment['display'];
  readonly visible: number;
  readonly locked: number;
  readonly origin: SegmentOrigin;
  readonly voxels: number;
}

function recordOf(row: SegmentationTableRow): SegmentationRecord {
  return {
    id: row.id,
    seriesId: row.series_ref,
    name: row.name,
    state: row.state,
    origin: row.origin,
    provenance: row.provenance === null ? null : (JSON.parse(row.provenance) as Provenance),
    geometry: JSON.parse(row.geometry) as VolumeGeometry,
    cursor: row.cursor,
    revision: row.revision,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}

function segmentOf(row: SegmentTableRow): Segment {
  return {
    number: row.number,
    name: row.name,
    layer: row.layer,
    color: row.color,
    codes: JSON.parse(row.codes) as Segment['codes'],
    opacity: row.opacity,
    display: row.display,
    visible: row.visible === 1,
    locked: row.locked === 1,
    origin: row.origin,
  };
}
