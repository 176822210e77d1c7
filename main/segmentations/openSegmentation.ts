/**
 * A segmentation in the host's memory: its layers as they stand at the history's cursor, made from the nearest snapshot and the
 * edits between. What comes out is compared with the voxel counts in the database before anybody works on it.
 */
import type { EditReceipt, SegmentationDetail, SegmentationSummary } from '#contract/schemas/segmentation.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { volumeMl } from '#core/geometry/volumeGeometry.ts';
import { applyDelta, revertDelta } from '#core/segmentation/delta.ts';
import type { Edit, SegmentationContent } from '#core/segmentation/edit.ts';
import { decodeEdit } from '#core/segmentation/editPacket.ts';
import { nearestSnapshot } from '#core/segmentation/history.ts';
import { emptyLabelmap, type Labelmap } from '#core/segmentation/labelmap.ts';
import { countLabels, layersFor } from '#core/segmentation/layers.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { ObjectStore } from '../vault/openVault.ts';
import type { EditStep, SegmentationRecord, SegmentationRows, SnapshotRow } from './segmentationRows.ts';

export interface OpenSegmentation {
  readonly record: SegmentationRecord;
  readonly content: SegmentationContent;
  readonly steps: readonly EditStep[];
  readonly snapshots: readonly SnapshotRow[];
}

/** @throws segmentation/unknown, segmentation/damaged */
export async function openSegmentation(
  rows: SegmentationRows,
  objects: ObjectStore,
  id: string,
): Promise<OpenSegmentation> {
  const record = rows.find(id);
  if (!record) throw unknownSegmentation();
  const steps = rows.steps(id);
  const snapshots = rows.snapshots(id);
  const { segments, voxels } = rows.segments(id);
  const { size } = record.geometry;
  const sequences = [...new Set(snapshots.map((s) => s.sequence))];
  const start = nearestSnapshot(steps, sequences, record.cursor);
  if (start === null) throw damaged();
  let layers = await readSnapshot(objects, snapshots, start, size);
  for (const step of steps.filter((s) => s.sequence > start && s.sequence <= record.cursor)) {
    layers = replayed(layers, size, requirePacket(rows, id, step.sequence), 'apply');
  }
  for (const step of [...steps].reverse().filter((s) => s.sequence <= start && s.sequence > record.cursor)) {
    layers = replayed(layers, size, requirePacket(rows, id, step.sequence), 'revert');
  }
  const content = { size, segments, layers: layersFor(segments, layers, size), voxels };
  verifyCounts(content);
  return { record, content, steps, snapshots };
}

export function receiptOf(open: OpenSegmentation): EditReceipt {
  const { record, content, steps } = open;
  return {
    revision: record.revision,
    state: record.state,
    segments: [...content.segments],
    voxels: Object.fromEntries(content.segments.map((s) => [String(s.number), content.voxels.get(s.number) ?? 0])),
    undoLabel: steps.find((s) => s.sequence === record.cursor)?.label ?? null,
    redoLabel: steps.find((s) => s.sequence === record.cursor + 1)?.label ?? null,
    savedAt: record.modifiedAt,
  };
}

export function detailOf(open: OpenSegmentation): SegmentationDetail {
  const { record, content } = open;
  const { size, spacingMm, originLps, direction } = record.geometry;
  return {
    ...receiptOf(open),
    id: record.id,
    seriesId: record.seriesId,
    name: record.name,
    origin: record.origin,
    provenance: record.provenance,
    layers: content.layers.map(({ voxels }, index) => ({ index, bytesPerVoxel: bytesPerVoxel(voxels) })),
    geometry: {
      size: [...size],
      spacingMm: [...spacingMm],
      originLps: [originLps[0], originLps[1], originLps[2]],
      direction: [[...direction[0]], [...direction[1]], [...direction[2]]],
    },
  };
}

export function summaryOf(
  record: SegmentationRecord,
  segments: readonly Segment[],
  voxels: ReadonlyMap<number, number>,
): SegmentationSummary {
  return {
    id: record.id,
    name: record.name,
    state: record.state,
    origin: record.origin,
    modifiedAt: record.modifiedAt,
    segments: segments.map(({ number, name, color }) => {
      const count = voxels.get(number) ?? 0;
      return { number, name, color, voxels: count, volumeMl: volumeMl(record.geometry, count) };
    }),
  };
}

export function bytesPerVoxel(voxels: Labelmap['voxels']): 1 | 2 {
  return voxels instanceof Uint8Array ? 1 : 2;
}

export function requirePacket(rows: SegmentationRows, id: string, sequence: number): Uint8Array {
  const packet = rows.packet(id, sequence);
  if (!packet) throw damaged();
  return packet;
}

export function unknownSegmentation(): LanternError {
  return new LanternError(
    'segmentation/unknown',
    'This segmentation does not exist any more.',
    'Open the case again to see what is there.',
  );
}

async function readSnapshot(
  objects: ObjectStore,
  snapshots: readonly SnapshotRow[],
  sequence: number,
  size: Labelmap['size'],
): Promise<readonly Labelmap[]> {
  const layers: Labelmap[] = [];
  for (const row of snapshots.filter((s) => s.sequence === sequence)) {
    const bytes = await objects.read(row.objectId);
    if (bytes.length !== size[0] * size[1] * size[2] * row.bytesPerVoxel) throw damaged();
    // A copy: what the store hands out may be a view into something larger, at any offset.
    const own = bytes.slice();
    layers[row.layer] = { size, voxels: row.bytesPerVoxel === 1 ? own : new Uint16Array(own.buffer) };
  }
  return Array.from({ length: Math.max(1, layers.length) }, (_, at) => layers[at] ?? emptyLabelmap(size));
}

/** Replays voxels only: the segments at the cursor stand in their own table. */
function replayed(
  layers: readonly Labelmap[],
  size: Labelmap['size'],
  packet: Uint8Array,
  direction: 'apply' | 'revert',
): readonly Labelmap[] {
  const edit = decodeEdit(packet);
  const needed = layersFor(segmentsOf(edit), layers, size);
  for (const { layer, delta } of edit.deltas) {
    const labelmap = needed[layer];
    if (!labelmap) throw damaged();
    if (direction === 'apply') applyDelta(labelmap, delta);
    else revertDelta(labelmap, delta);
  }
  return needed;
}

function segmentsOf(edit: Edit): readonly Segment[] {
  return [...(edit.segmentsBefore ?? []), ...(edit.segmentsAfter ?? [])];
}

function verifyCounts(content: SegmentationContent): void {
  const found = new Map<number, number>();
  for (const labelmap of content.layers) {
    for (const [label, count] of countLabels(labelmap)) found.set(label, (found.get(label) ?? 0) + count);
  }
  const numbers = new Set([...found.keys(), ...content.voxels.keys()]);
  for (const n of numbers) if ((found.get(n) ?? 0) !== (content.voxels.get(n) ?? 0)) throw damaged();
}

function damaged(): LanternError {
  return new LanternError(
    'segmentation/damaged',
    'This segmentation cannot be put together from what is stored.',
    'Open the case from its last backup, and send the log to support.',
  );
}
