/**
 * Files that a page sends because it cannot name paths: staged under the vault's scratch folder until their import has ended.
 * Next: uploadPath.ts, importJob.ts.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { v7 as uuidv7 } from 'uuid';
import { LanternError } from '#core/errors/lanternError.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { uploadPath } from './uploadPath.ts';

const MOST_UPLOADS = 16;

export class Uploads {
  readonly #folders = new Map<string, string>();

  /** @throws import/too-many-uploads */
  async begin(vault: OpenVault): Promise<string> {
    if (this.#folders.size >= MOST_UPLOADS) {
      throw new LanternError('import/too-many-uploads', 'Too many imports are waiting.', 'Wait until one has ended.');
    }
    const id = uuidv7();
    this.#folders.set(id, join(await vault.scratchFolder(), id));
    return id;
  }

  /**
   * Stages one file.
   * @param path relative, as the page names it
   * @throws import/unknown-upload, import/bad-path
   */
  async receive(id: string, path: string, body: ReadableStream<Uint8Array> | null): Promise<void> {
    const file = join(this.folder(id), ...uploadPath(path));
    await mkdir(dirname(file), { recursive: true });
    const source = body ? Readable.fromWeb(body as NodeReadableStream<Uint8Array>) : Readable.from([]);
    try {
      await pipeline(source, createWriteStream(file, { mode: 0o600 }));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  /** @throws import/unknown-upload */
  folder(id: string): string {
    const folder = this.#folders.get(id);
    if (!folder) {
      throw new LanternError(
        'import/unknown-upload',
        'These uploaded files are not there any more.',
        'Choose the folder or the files again.',
      );
    }
    return folder;
  }

  async remove(id: string): Promise<void> {
    const folder = this.#folders.get(id);
    this.#folders.delete(id);
    if (folder) await rm(folder, { recursive: true, force: true });
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#folders.keys()].map((id) => this.remove(id)));
  }
}
