/**
 * The host's keeper of segmentations. An edit is validated, applied in memory, committed in one transaction and only then
 * answered; a failed commit leaves memory and disk as they were. One edit at a time for each segmentation.
 * Next: openSegmentation.ts (loading), snapshotKeeper.ts (bounding the history).
 */
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { answerOrigin, type Provenance } from '#contract/schemas/provenance.ts';
import {
  type EditReceipt,
  type HistoryStep,
  type SegmentationDetail,
  type SegmentationState,
  type SegmentationSummary,
  segment as segmentSchema,
} from '#contract/schemas/segmentation.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { sameGrid, type VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { acceptEdit, choiceOf, isAcceptance } from '#core/segmentation/acceptEdit.ts';
import { applyEdit, type Edit, revertEdit, type SegmentationContent } from '#core/segmentation/edit.ts';
import { decodeEdit, encodeEdit } from '#core/segmentation/editPacket.ts';
import { checkEdit } from '#core/segmentation/editRules.ts';
import { HISTORY_BOUNDS, type HistoryBounds } from '#core/segmentation/history.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { countLabels, layersFor } from '#core/segmentation/layers.ts';
import type { Segment, SegmentOrigin } from '#core/segmentation/segment.ts';
import { asLanternError } from '../jobs/jobs.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { type Doubt, takeDoubt, writeDoubt } from './doubtStore.ts';
import { type EditCodes, editCodesBySegment } from './editCodesBySegment.ts';
import { type KeptAnswer, keptAnswersAt, noteKeptAnswers } from './keptAnswerRows.ts';
import {
  detailOf,
  type OpenSegmentation,
  openSegmentation,
  receiptOf,
  requirePacket,
  summaryOf,
  unknownSegmentation,
} from './openSegmentation.ts';
import {
  acceptedMeanwhile,
  badSegments,
  conflict,
  noOrigin,
  notByEdit,
  nothingTo,
  notProposed,
  unknownLabel,
  unknownSeries,
  wrongGrid,
} from './segmentationRefusals.ts';
import { type SegmentationRecord, SegmentationRows } from './segmentationRows.ts';
import { SnapshotKeeper } from './snapshotKeeper.ts';

export interface NewSegmentation {
  readonly seriesId: string;
  readonly name: string;
  readonly geometry: VolumeGeometry;
  readonly origin?: SegmentOrigin;
  readonly state?: SegmentationState;
  readonly provenance?: Provenance | null;
}

export interface SegmentationResult extends Required<NewSegmentation> {
  readonly segments: readonly Segment[];
  readonly layers: readonly Labelmap[];
  /** How sure the network was, where that was measured. */
  readonly doubt?: Doubt | null;
}

export interface SegmentationServiceOptions {
  readonly bounds?: HistoryBounds;
  /** Labelmaps kept in memory; the least recently used go first. */
  readonly mostBytesInMemory?: number;
}

const MOST_BYTES_IN_MEMORY = 512 * 2 ** 20;
const MOST_PACKET_BYTES = 256 * 2 ** 20;

export class SegmentationService {
  readonly #vault: OpenVault;
  readonly #rows: SegmentationRows;
  readonly #snapshots: SnapshotKeeper;
  readonly #mostBytesInMemory: number;
  /** In the order of use, the latest last. */
  readonly #open = new Map<string, OpenSegmentation>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(vault: OpenVault, options: SegmentationServiceOptions = {}) {
    this.#vault = vault;
    this.#rows = new SegmentationRows(vault.db);
    this.#snapshots = new SnapshotKeeper(vault, this.#rows, options.bounds ?? HISTORY_BOUNDS);
    this.#mostBytesInMemory = options.mostBytesInMemory ?? MOST_BYTES_IN_MEMORY;
  }

  /** An empty segmentation on the series' grid. @throws series/unknown */
  async create(request: NewSegmentation): Promise<SegmentationDetail> {
    const { seriesId, name, geometry, origin = 'manual', state = 'accepted', provenance = null } = request;
    return this.addResult({ seriesId, name, geometry, origin, state, provenance, segments: [], layers: [] });
  }

  /**
   * A whole result (a model's proposal, a threshold of the command line) in one transaction. It is the ground of its history:
   * undo goes back to it, not behind it.
   * @throws series/unknown, segmentation/wrong-grid, segmentation/bad-edit
   */
  async addResult(result: SegmentationResult): Promise<SegmentationDetail> {
    if (!this.#rows.seriesExists(result.seriesId)) throw unknownSeries();
    const content = contentOf(result);
    const now = new Date().toISOString();
    const record: SegmentationRecord = {
      id: uuidv7(),
      seriesId: result.seriesId,
      name: result.name,
      state: result.state,
      origin: result.origin,
      provenance: result.provenance,
      geometry: result.geometry,
      cursor: 0,
      revision: 0,
      createdAt: now,
      modifiedAt: now,
    };
    const base = result.layers.length > 0 ? await this.#snapshots.write(content, 0) : null;
    const doubt = result.doubt ? await writeDoubt(this.#vault, result.doubt) : null;
    const detail = { state: record.state, origin: record.origin, model: record.provenance?.modelId ?? null };
    this.#transact({ action: 'segmentation.create', subject: record.id, detail }, () => {
      // Slices may have been imported while a network was at work on those that were there before.
      const grid = this.#rows.gridOfSeries(result.seriesId);
      if (grid && !sameGrid(grid, result.geometry)) throw wrongGrid();
      this.#rows.insert(record);
      this.#rows.replaceSegments(record.id, content.segments, content.voxels);
      base?.commitRows(record.id);
      doubt?.commitRows(record.id);
    });
    return this.#exclusive(record.id, async () =>
      detailOf(this.#keep({ record, content, steps: [], snapshots: base?.rows ?? [] })),
    );
  }

  /** @throws segmentation/unknown, segmentation/damaged */
  async get(id: string): Promise<SegmentationDetail> {
    return this.#exclusive(id, async () => detailOf(await this.#load(id)));
  }

  /** A copy of a layer as it stands at the cursor. @throws segmentation/unknown, segmentation/unknown-layer */
  async layer(id: string, index: number): Promise<Labelmap & { readonly revision: number }> {
    return this.#exclusive(id, async () => {
      const { content, record } = await this.#load(id);
      const labelmap = content.layers[index];
      if (!labelmap) {
        throw new LanternError(
          'segmentation/unknown-layer',
          `This segmentation has no layer ${index}.`,
          'Open the case again.',
        );
      }
      return { size: labelmap.size, voxels: labelmap.voxels.slice(), revision: record.revision };
    });
  }

  /**
   * Takes an edit that was made on `revision`. When this answers, the edit is on disk.
   * @throws segmentation/conflict when something was committed in between
   * @throws segmentation/bad-packet, segmentation/bad-edit, segmentation/locked, segmentation/wrong-grid,
   * segmentation/delta-mismatch, disk/full
   */
  async commit(id: string, revision: number, packet: Uint8Array): Promise<EditReceipt> {
    return this.#exclusive(id, async () => {
      const open = await this.#load(id);
      if (revision !== open.record.revision) throw conflict();
      const edit = checkedEdit(open.content, packet);
      const sequence = open.record.cursor + 1;
      const detail = { code: edit.code, sequence, revision: open.record.revision + 1 };
      return receiptOf(
        await this.#append(open, edit, packet, {}, { action: 'segmentation.edit', subject: id, detail }),
      );
    });
  }

  /**
   * Moves the cursor back by one. Where that step was the acceptance, the segmentation is a proposal again.
   * @param revision what the caller sees: another window's work is not undone unseen
   * @returns the packet to revert
   * @throws segmentation/nothing-to-undo, segmentation/conflict
   */
  async undo(id: string, revision: number): Promise<{ packet: Uint8Array; receipt: EditReceipt }> {
    return this.#move(id, revision, 'revert');
  }

  /** Moves the cursor forward by one. @returns the packet to apply @throws segmentation/nothing-to-redo, segmentation/conflict */
  async redo(id: string, revision: number): Promise<{ packet: Uint8Array; receipt: EditReceipt }> {
    return this.#move(id, revision, 'apply');
  }

  /**
   * A proposal becomes the clinician's: a step of the history, which undo takes back.
   * @param kept numbers of the segments that are accepted, left out: all; the others go with their voxels
   * @returns what is accepted; unchanged where all of it was already
   * @throws segmentation/unknown, segmentation/unknown-segment, segmentation/nothing-chosen, segmentation/not-proposed
   */
  async accept(id: string, kept?: readonly number[]): Promise<SegmentationDetail> {
    return this.#exclusive(id, async () => {
      const open = await this.#load(id);
      if (open.record.state !== 'proposed') {
        if (kept) throw notProposed();
        return detailOf(open);
      }
      const edit = acceptEdit(open.content, kept);
      const audit = { action: 'segmentation.accept', subject: id, detail: choiceOf(edit, open.content) };
      return detailOf(await this.#append(open, edit, encodeEdit(edit), { state: 'accepted' }, audit));
    });
  }

  async rename(id: string, name: string): Promise<SegmentationDetail> {
    return this.#change(id, 'segmentation.rename', { name });
  }

  /**
   * Takes the segmentation with its whole history and its snapshots out of the vault.
   * @param options.onlyProposed refuses what was accepted meanwhile, in another window perhaps
   * @throws segmentation/unknown, segmentation/not-proposed
   */
  async remove(id: string, options: { readonly onlyProposed?: boolean | undefined } = {}): Promise<void> {
    await this.#exclusive(id, async () => {
      if (options.onlyProposed && this.#rows.find(id)?.state === 'accepted') throw acceptedMeanwhile();
      this.#transact({ action: 'segmentation.remove', subject: id }, () => {
        const snapshots = this.#rows.snapshots(id);
        const removeDoubt = takeDoubt(this.#vault, id);
        if (!this.#rows.delete(id)) throw unknownSegmentation();
        removeDoubt();
        for (const { objectId } of snapshots) this.#vault.objects.remove(objectId);
      });
      this.#open.delete(id);
    });
  }

  /** By which edits each segment's voxels were changed; null where older steps were dropped. @throws segmentation/unknown */
  async editCodes(id: string): Promise<EditCodes | null> {
    return this.#exclusive(id, async () => editCodesBySegment(this.#rows, id, (await this.#load(id)).record.cursor));
  }

  /** The answers of a model that stand in its segments, with where they come from. @throws segmentation/unknown */
  async keptAnswers(id: string): Promise<KeptAnswer[]> {
    return this.#exclusive(id, async () => keptAnswersAt(this.#vault.db, id, (await this.#load(id)).record.cursor));
  }

  /** All steps that can be undone or redone, the oldest first. */
  history(id: string): HistoryStep[] {
    const record = this.#rows.find(id);
    if (!record) throw unknownSegmentation();
    return this.#rows
      .steps(id)
      .map(({ sequence, code, label, at }) => ({ sequence, code, label, at, done: sequence <= record.cursor }));
  }

  summaries(seriesId: string): SegmentationSummary[] {
    return this.#rows.ofSeries(seriesId).map((record) => {
      const { segments, voxels } = this.#rows.segments(record.id);
      return summaryOf(record, segments, voxels);
    });
  }

  /** Waits for everything that is under way; the vault may be closed after it. */
  async close(): Promise<void> {
    while (this.#queues.size > 0) await Promise.allSettled(this.#queues.values());
    this.#open.clear();
  }

  async #move(
    id: string,
    revision: number,
    direction: 'apply' | 'revert',
  ): Promise<{ packet: Uint8Array; receipt: EditReceipt }> {
    return this.#exclusive(id, async () => {
      const open = await this.#load(id);
      const { record } = open;
      if (revision !== record.revision) throw conflict();
      const sequence = direction === 'revert' ? record.cursor : record.cursor + 1;
      if (!open.steps.some((s) => s.sequence === sequence)) throw nothingTo(direction);
      const packet = requirePacket(this.#rows, id, sequence);
      const edit = decodeEdit(packet);
      const content = direction === 'revert' ? revertEdit(open.content, edit) : applyEdit(open.content, edit);
      const cursor = direction === 'revert' ? sequence - 1 : sequence;
      const modifiedAt = new Date().toISOString();
      const accepts = isAcceptance(edit.code);
      const [undone, done] = accepts ? (['proposed', 'accepted'] as const) : [record.state, record.state];
      const state = direction === 'revert' ? undone : done;
      const next = {
        ...open,
        content,
        record: { ...record, state, cursor, revision: record.revision + 1, modifiedAt },
      };
      this.#orRevert(content, edit, direction, () => {
        const action = direction === 'revert' ? 'segmentation.undo' : 'segmentation.redo';
        const choice = accepts && { state, ...choiceOf(edit, direction === 'revert' ? content : open.content) };
        const detail = { sequence, revision: next.record.revision, ...choice };
        this.#transact({ action, subject: id, detail }, () => this.#store(next));
      });
      this.#keep(next);
      return { packet, receipt: receiptOf(next) };
    });
  }

  /** Applies an edit that was checked and puts it at the cursor, in one transaction with `change` of the record. */
  async #append(
    open: OpenSegmentation,
    edit: Edit,
    packet: Uint8Array,
    change: Partial<SegmentationRecord>,
    audit: Parameters<OpenVault['transact']>[0],
  ): Promise<OpenSegmentation> {
    const { record } = open;
    const { id } = record;
    const tail = this.#snapshots.afterCursor(open);
    const ground = tail.losesGround ? await this.#snapshots.write(open.content, record.cursor) : null;
    const at = new Date().toISOString();
    const sequence = record.cursor + 1;
    const step = { sequence, bytes: packet.length, code: edit.code, label: edit.label, at };
    const content = applyEdit(open.content, edit);
    const next: OpenSegmentation = {
      record: { ...record, ...change, cursor: sequence, revision: record.revision + 1, modifiedAt: at },
      content,
      steps: [...open.steps.filter((s) => s.sequence <= record.cursor), step],
      snapshots: [...tail.kept, ...(ground?.rows ?? [])],
    };
    this.#orRevert(content, edit, 'apply', () => {
      this.#transact(audit, () => {
        this.#rows.deleteEditsAfter(id, record.cursor);
        this.#snapshots.removeRows(id, tail.dropped);
        ground?.commitRows(id);
        this.#rows.insertEdit(uuidv7(), id, step, edit.source, packet);
        noteKeptAnswers(this.#vault.db, id, sequence, edit, { operator: this.#vault.user.name, at });
        this.#store(next);
      });
    });
    this.#keep(next);
    this.#maintain(id);
    return next;
  }

  async #change(id: string, action: string, change: Partial<SegmentationRecord>): Promise<SegmentationDetail> {
    return this.#exclusive(id, async () => {
      const open = await this.#load(id);
      const next = { ...open, record: { ...open.record, ...change, modifiedAt: new Date().toISOString() } };
      this.#transact({ action, subject: id }, () => this.#store(next));
      return detailOf(this.#keep(next));
    });
  }

  #store({ record, content }: OpenSegmentation): void {
    if (!this.#rows.update(record)) throw unknownSegmentation();
    this.#rows.replaceSegments(record.id, content.segments, content.voxels);
  }

  /** Runs the commit; when it fails, the voxels in memory are put back as they were. */
  #orRevert(content: SegmentationContent, edit: Edit, direction: 'apply' | 'revert', commit: () => void): void {
    try {
      commit();
    } catch (error) {
      if (direction === 'apply') revertEdit(content, edit);
      else applyEdit(content, edit);
      throw error;
    }
  }

  #transact(audit: Parameters<OpenVault['transact']>[0], body: () => void): void {
    try {
      this.#vault.transact(audit, body);
    } catch (error) {
      throw asLanternError(error);
    }
  }

  /** Snapshots come after the answer: the edit is safe without them, they only make loading quick. */
  #maintain(id: string): void {
    const open = this.#open.get(id);
    if (!open || !this.#snapshots.due(open)) return;
    const later = this.#exclusive(id, async () => {
      const now = this.#open.get(id);
      if (now && this.#snapshots.due(now)) this.#keep(await this.#snapshots.maintain(now));
    });
    // A full disk here loses nothing; the next edit tries again.
    later.catch(() => undefined);
  }

  async #load(id: string): Promise<OpenSegmentation> {
    const open = this.#open.get(id);
    // The study may have been removed by somebody else meanwhile.
    if (open && this.#rows.find(id) === null) {
      this.#open.delete(id);
      throw unknownSegmentation();
    }
    return this.#keep(open ?? (await openSegmentation(this.#rows, this.#vault.objects, id)));
  }

  #keep(open: OpenSegmentation): OpenSegmentation {
    const { id } = open.record;
    this.#open.delete(id);
    this.#open.set(id, open);
    let bytes = [...this.#open.values()].reduce((n, o) => n + bytesOf(o), 0);
    for (const [other, candidate] of this.#open) {
      if (bytes <= this.#mostBytesInMemory) break;
      if (other === id || this.#queues.has(other)) continue;
      this.#open.delete(other);
      bytes -= bytesOf(candidate);
    }
    return open;
  }

  async #exclusive<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#queues.set(id, mine);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(id) === mine) this.#queues.delete(id);
    }
  }
}

function contentOf(result: SegmentationResult): SegmentationContent {
  const { size } = result.geometry;
  const count = size[0] * size[1] * size[2];
  for (const labelmap of result.layers) {
    if (labelmap.size.some((n, axis) => n !== size[axis]) || labelmap.voxels.length !== count) throw wrongGrid();
  }
  if (result.doubt && result.doubt.values.length !== count) throw wrongGrid();
  const layers = layersFor(result.segments, result.layers, size);
  const voxels = new Map(result.segments.map((s) => [s.number, 0]));
  for (const [layer, labelmap] of layers.entries()) {
    for (const [label, voxelsOfLabel] of countLabels(labelmap)) {
      if (!result.segments.some((s) => s.number === label && s.layer === layer)) throw unknownLabel();
      voxels.set(label, voxelsOfLabel);
    }
  }
  const content = { size, segments: result.segments, layers, voxels };
  checkEdit(content, noEdit);
  return content;
}

const noEdit: Edit = { code: '', label: '', source: 'manual', segmentsBefore: null, segmentsAfter: null, deltas: [] };
const segmentList = z.array(segmentSchema).nullable();

function checkedEdit(content: SegmentationContent, packet: Uint8Array): Edit {
  if (packet.length > MOST_PACKET_BYTES) throw badSegments();
  const edit = decodeEdit(packet);
  if (isAcceptance(edit.code)) throw notByEdit();
  const before = segmentList.safeParse(edit.segmentsBefore);
  const after = segmentList.safeParse(edit.segmentsAfter);
  if (!before.success || !after.success) throw badSegments();
  const { origin: told, ...rest } = edit;
  const origin = answerOrigin.optional().safeParse(told);
  if (!origin.success || (origin.data === undefined && edit.code === 'prompt/keep')) throw noOrigin();
  const checked: Edit = {
    ...{ ...rest, segmentsBefore: before.data, segmentsAfter: after.data },
    ...(origin.data && { origin: origin.data }),
  };
  for (const { delta } of checked.deltas) {
    if (delta.size.some((n, axis) => n !== content.size[axis])) throw wrongGrid();
  }
  checkEdit(content, checked);
  return checked;
}

function bytesOf(open: OpenSegmentation): number {
  return open.content.layers.reduce((n, { voxels }) => n + voxels.byteLength, 0);
}
