/**
 * Sends edits to the host in the order they were made and tells whether all of them are on disk. A failed one stays at the head
 * with everything behind it, until it is tried again or the work is given up. Next: segmentationStore.ts.
 */
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { EditReceipt } from '#contract/schemas/segmentation.ts';
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import { blobs, rpc } from '../app/client.ts';
import { errorOf } from '../app/errorOf.ts';

export interface Saving {
  readonly state: 'nothing' | 'saving' | 'saved' | 'failed';
  /** Edits that the host has not acknowledged yet. */
  readonly pending: number;
  readonly error: LanternErrorData | null;
}

export const NOTHING_TO_SAVE: Saving = { state: 'nothing', pending: 0, error: null };

interface Entry {
  readonly packet: Uint8Array;
  /** Voxels by segment after this edit, to recognise it when its answer was lost on the way. */
  readonly voxels: Readonly<Record<string, number>>;
}

/** The packet of the step that the host has undone or redone, and what stands then. */
export interface Moved {
  readonly packet: Uint8Array;
  readonly receipt: EditReceipt;
}

export interface CommitQueueListener {
  onSaving(saving: Saving): void;
  /** @param isLast nothing else is waiting: the receipt must equal what the window shows */
  onReceipt(receipt: EditReceipt, isLast: boolean): void;
}

export class CommitQueue {
  readonly #id: string;
  readonly #listener: CommitQueueListener;
  #revision: number;
  #entries: Entry[] = [];
  #running: Promise<void> | null = null;
  #error: LanternErrorData | null = null;

  constructor(segmentationId: string, revision: number, listener: CommitQueueListener) {
    this.#id = segmentationId;
    this.#revision = revision;
    this.#listener = listener;
  }

  /** Why the first edit that waits could not be saved. */
  get error(): LanternErrorData | null {
    return this.#error;
  }

  get hasPending(): boolean {
    return this.#entries.length > 0;
  }

  push(packet: Uint8Array, voxels: Entry['voxels']): void {
    this.#entries.push({ packet, voxels });
    this.#tell();
    if (this.#error === null) void this.#run();
  }

  /** Resolves when nothing waits any more. @returns false when an edit could not be saved */
  async settled(): Promise<boolean> {
    while (this.#running) await this.#running;
    return this.#entries.length === 0;
  }

  /** Tries the failed edit and all behind it again. */
  async retry(): Promise<void> {
    this.#error = null;
    this.#tell();
    await this.#recogniseSaved();
    await this.#run();
  }

  /** Undo and redo go to the host when all edits are there; the cursor is the host's. */
  async move(way: 'undo' | 'redo'): Promise<Moved | null> {
    if (!(await this.settled())) return null;
    this.#tell('saving');
    try {
      const moved = await moveOnHost(this.#id, this.#revision, way);
      this.#revision = moved.receipt.revision;
      return moved;
    } finally {
      this.#tell('saved');
    }
  }

  #run(): Promise<void> {
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #sendAll(): Promise<void> {
    for (let entry = this.#entries[0]; entry; entry = this.#entries[0]) {
      try {
        const route = `${blobRoutes.edits(this.#id)}?revision=${this.#revision}`;
        const receipt = blobs.jsonOf<EditReceipt>(await blobs.putBytes(route, entry.packet));
        this.#acknowledge(receipt);
      } catch (error) {
        this.#error = errorOf(error).toJSON();
        this.#tell();
        return;
      }
    }
  }

  #acknowledge(receipt: EditReceipt): void {
    this.#revision = receipt.revision;
    this.#entries = this.#entries.slice(1);
    this.#tell();
    this.#listener.onReceipt(receipt, this.#entries.length === 0);
  }

  /** When only the answer was lost, the host is one revision ahead and holds exactly what this edit makes. */
  async #recogniseSaved(): Promise<void> {
    const entry = this.#entries[0];
    if (!entry) return;
    const detail = await rpc.segmentations.get({ id: this.#id }).catch(() => null);
    if (detail?.revision === this.#revision + 1 && sameCounts(detail.voxels, entry.voxels)) this.#acknowledge(detail);
  }

  #tell(state?: Saving['state']): void {
    const pending = this.#entries.length;
    const now = this.#error ? 'failed' : (state ?? (pending > 0 ? 'saving' : 'saved'));
    this.#listener.onSaving({ state: now, pending, error: this.#error });
  }
}

/** For what has no queue because it is not edited: a proposal. */
export async function moveOnHost(id: string, revision: number, way: 'undo' | 'redo'): Promise<Moved> {
  const route = way === 'undo' ? blobRoutes.undo(id) : blobRoutes.redo(id);
  const { bytes, headers } = await blobs.postBytes(`${route}?revision=${revision}`);
  const receipt = JSON.parse(decodeURIComponent(headers.get('x-lantern-receipt') ?? '')) as EditReceipt;
  return { packet: bytes, receipt };
}

export function sameCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}
