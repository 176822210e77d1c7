/** Exports without a file name: kept in memory until they are fetched, once. Next: exportJob.ts, blobs.ts. */
import { LanternError } from '#core/errors/lanternError.ts';

export interface ExportedDocument {
  readonly bytes: Uint8Array;
  readonly suggestedName: string;
}

const KEPT_MS = 10 * 60_000;
const KEPT_DOCUMENTS = 8;

export class ExportResults {
  readonly #kept = new Map<string, ExportedDocument>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  keep(jobId: string, document: ExportedDocument): void {
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < KEPT_DOCUMENTS) break;
      this.#forget(oldest);
    }
    this.#kept.set(jobId, document);
    this.#timers.set(jobId, setTimeout(() => this.#forget(jobId), KEPT_MS).unref());
  }

  /** @throws export/not-kept */
  take(jobId: string): ExportedDocument {
    const document = this.#kept.get(jobId);
    if (!document) {
      throw new LanternError('export/not-kept', 'This export was already fetched, or is too old.', 'Export it again.');
    }
    this.#forget(jobId);
    return document;
  }

  clear(): void {
    for (const jobId of [...this.#kept.keys()]) this.#forget(jobId);
  }

  #forget(jobId: string): void {
    clearTimeout(this.#timers.get(jobId));
    this.#timers.delete(jobId);
    this.#kept.delete(jobId);
  }
}
