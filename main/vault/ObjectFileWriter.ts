/**
 * Writes one encrypted object file in a stream: `.part` first, renamed when it is whole and on the disk.
 * Chunks are sealed while earlier ones are being written. Next: objectFormat.ts.
 */
import { once } from 'node:events';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { constants, createZstdCompress } from 'node:zlib';
import { syncFolder } from './durableFile.ts';
import {
  CHUNK_BYTES,
  chunkOffset,
  encodeHeader,
  fileBytesOf,
  type ObjectHeader,
  sealChunk,
  TAG_BYTES,
} from './objectFormat.ts';
import type { ObjectCodec } from './openVault.ts';
import { vaultFailure } from './vaultFailure.ts';

/** Sealed chunks that may wait for the disk: bounds the memory of a fast writer on a slow disk. */
const MAXIMUM_IN_FLIGHT = 4;

type ZstdCompress = ReturnType<typeof createZstdCompress>;

export class ObjectFileWriter {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #file: FileHandle;
  readonly #id: string;
  readonly #codec: ObjectCodec;
  readonly #compressor: ZstdCompress | null = null;
  readonly #pumped: Promise<void> = Promise.resolve();
  /** Bytes of the chunk that is being filled. */
  readonly #held = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #heldBytes = 0;
  #sealedChunks = 0;
  #payloadBytes = 0;
  #plainBytes = 0;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #free: Buffer[] = [];
  #failure: unknown = null;
  #closed = false;

  private constructor(path: string, file: FileHandle, id: string, key: Uint8Array, codec: ObjectCodec) {
    this.#path = path;
    this.#file = file;
    this.#id = id;
    this.#key = key;
    this.#codec = codec;
    if (codec === 'zstd') {
      this.#compressor = createZstdCompress({
        chunkSize: CHUNK_BYTES,
        params: { [constants.ZSTD_c_compressionLevel]: 3 },
      });
      this.#pumped = this.#pump(this.#compressor);
    }
  }

  static async create(path: string, id: string, key: Uint8Array, codec: ObjectCodec): Promise<ObjectFileWriter> {
    try {
      const folder = dirname(path);
      if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(dirname(folder));
      const file = await open(`${path}.part`, 'wx', 0o600);
      return new ObjectFileWriter(path, file, id, key, codec);
    } catch (error) {
      throw vaultFailure(error);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#plainBytes += bytes.length;
    if (this.#compressor) {
      this.#throwFailure();
      if (!this.#compressor.write(bytes)) {
        const drained = once(this.#compressor, 'drain').catch(() => undefined);
        await Promise.race([drained, this.#pumped]);
      }
      this.#throwFailure();
    } else {
      await this.#append(bytes);
    }
  }

  /**
   * @param isCache can be made again: it is left to the system when it goes to the disk
   * @returns sizes of the object and of its file, which is then in place and, unless it is a cache, durable
   * @throws disk/full
   */
  async finish({ isCache }: { isCache: boolean }): Promise<{ plainBytes: number; storedBytes: number }> {
    try {
      if (this.#compressor) {
        this.#compressor.end();
        await this.#pumped;
        this.#throwFailure();
      }
      this.#payloadBytes = this.#sealedChunks * CHUNK_BYTES + this.#heldBytes;
      this.#seal(this.#held.subarray(0, this.#heldBytes), true);
      await Promise.all(this.#inFlight);
      this.#throwFailure();
      await this.#file.write(encodeHeader(this.#header()), 0, undefined, 0);
      if (!isCache) await this.#file.sync();
      await this.#close();
      await rename(`${this.#path}.part`, this.#path);
      if (!isCache) await syncFolder(dirname(this.#path));
      return { plainBytes: this.#plainBytes, storedBytes: fileBytesOf(this.#payloadBytes) };
    } catch (error) {
      await this.abort();
      // Renamed, but not known to be durable.
      await rm(this.#path, { force: true });
      throw vaultFailure(error);
    }
  }

  async abort(): Promise<void> {
    this.#compressor?.destroy();
    await this.#pumped;
    await Promise.all(this.#inFlight);
    await this.#close();
    await rm(`${this.#path}.part`, { force: true });
  }

  /** A full chunk is held back until more comes, because only the end of the stream tells whether it was the final one. */
  async #append(bytes: Uint8Array): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#heldBytes === CHUNK_BYTES) {
        this.#seal(this.#held, false);
        this.#heldBytes = 0;
      }
      if (this.#heldBytes === 0 && bytes.length - offset > CHUNK_BYTES) {
        this.#seal(bytes.subarray(offset, offset + CHUNK_BYTES), false);
        offset += CHUNK_BYTES;
      } else {
        const taken = bytes.subarray(offset, offset + CHUNK_BYTES - this.#heldBytes);
        this.#held.set(taken, this.#heldBytes);
        this.#heldBytes += taken.length;
        offset += taken.length;
      }
      await this.#makeRoom();
    }
  }

  #seal(payload: Uint8Array, isFinal: boolean): void {
    const index = this.#sealedChunks++;
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES + TAG_BYTES);
    const sealed = sealChunk(this.#key, this.#header(), index, isFinal, payload, buffer);
    const writing = this.#writeAll(sealed, chunkOffset(index)).finally(() => {
      this.#free.push(buffer);
      this.#inFlight.delete(writing);
    });
    this.#inFlight.add(writing);
  }

  /** Never rejects: the failure is kept for the next call, so that no rejection goes unheard. */
  async #writeAll(bytes: Buffer, position: number): Promise<void> {
    try {
      // A short write is legal; the next one goes on or names the reason (a full disk).
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    } catch (error) {
      this.#failure ??= error;
    }
  }

  async #makeRoom(): Promise<void> {
    while (this.#inFlight.size >= MAXIMUM_IN_FLIGHT) await Promise.race(this.#inFlight);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw vaultFailure(this.#failure);
  }

  #header(): ObjectHeader {
    return {
      id: this.#id,
      codec: this.#codec,
      payloadBytes: this.#payloadBytes,
      plainBytes: this.#plainBytes,
    };
  }

  /** Takes what the compressor gives until its end; never rejects. */
  async #pump(compressor: ZstdCompress): Promise<void> {
    try {
      for await (const bytes of compressor as AsyncIterable<Buffer>) await this.#append(bytes);
    } catch (error) {
      this.#failure ??= error;
    }
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }
}
