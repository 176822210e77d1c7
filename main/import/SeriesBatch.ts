/**
 * What one import has found of one stack of images: the originals go into a pack at once, the decoded values wait in memory
 * until the series is stored. Next: storeSeries.ts.
 */
import type { FinishedObject, ObjectWriter, OpenVault } from '../vault/openVault.ts';
import type { DicomImage, VolumeFile } from './readResult.ts';

/** A file that belongs to the batch; its place in the list of files of the import is `file`. */
export interface BatchFile {
  readonly file: number;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly packOffset: number;
  readonly packBytes: number;
}

export interface BatchImage extends BatchFile {
  readonly image: DicomImage;
  readonly body: Uint8Array;
}

export class SeriesBatch {
  readonly images: BatchImage[] = [];
  /** Set instead of images for a NIfTI, NRRD or MetaImage file. */
  volume: { readonly file: VolumeFile; readonly body: Uint8Array; readonly sources: BatchFile[] } | null = null;
  /** Folders that its files came from. */
  readonly folders = new Set<string>();
  decodedBytes = 0;
  lastTouched = 0;
  readonly #vault: OpenVault;
  #pack: Promise<ObjectWriter> | null = null;
  /** Settles after the last `append`, as that did. */
  #written: Promise<void> = Promise.resolve();
  #packBytes = 0;

  constructor(vault: OpenVault) {
    this.#vault = vault;
  }

  /** Settles when the bytes appended so far are not needed any more; never rejects. */
  get appended(): Promise<void> {
    return this.#written.catch(() => undefined);
  }

  /** Appends an original to the pack. @returns where it lies, at once; the writing goes on behind */
  append(bytes: Uint8Array): { packOffset: number; packBytes: number } {
    const packOffset = this.#packBytes;
    this.#packBytes += bytes.length;
    this.#pack ??= this.#vault.objects.create('pack');
    const pack = this.#pack;
    this.#written = this.#written.then(async () => (await pack).write(bytes));
    // A failure is met in `finishPack`; until then nobody waits for it.
    this.#written.catch(() => undefined);
    return { packOffset, packBytes: bytes.length };
  }

  async finishPack(): Promise<FinishedObject> {
    if (!this.#pack) throw new Error('a batch without files');
    const writer = await this.#pack;
    await this.#written;
    return writer.finish();
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    await this.appended;
    const writer = await this.#pack?.catch(() => null);
    await writer?.abort();
  }
}
