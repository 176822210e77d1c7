/** Reads an object file, whole or a range of its payload; only the chunks touched are read and decrypted. Next: objectFormat.ts. */
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import {
  CHUNK_BYTES,
  checkHeader,
  chunkCount,
  chunkOffset,
  damagedObject,
  HEADER_BYTES,
  type ObjectHeader,
  openChunk,
  TAG_BYTES,
} from './objectFormat.ts';
import { systemCode, vaultFailure } from './vaultFailure.ts';

/** What the database says of an object. */
export interface ObjectRecord {
  readonly id: string;
  readonly key: Uint8Array;
  readonly codec: string;
  readonly plainBytes: number;
}

/** Chunks read by one call: one piece is decrypted while the next is on its way. */
const CHUNKS_PER_READ = 4;
const decompress = promisify(zstdDecompress) as (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

/**
 * @param start first byte, end the byte behind the last; both within the object
 * @throws vault/damaged where the file is missing, cut off, changed or another object's
 */
export async function readObjectFile(
  path: string,
  record: ObjectRecord,
  start = 0,
  end = record.plainBytes,
): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const header = await readHeader(file, record);
    if (header.codec === 'raw') return await readPayload(file, header, record.key, start, end);
    const payload = await readPayload(file, header, record.key, 0, header.payloadBytes);
    const plain = await unpack(payload, header.plainBytes);
    return start === 0 && end === plain.length ? plain : plain.subarray(start, end);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw damagedObject();
    throw vaultFailure(error);
  } finally {
    await file?.close();
  }
}

async function readHeader(file: FileHandle, record: ObjectRecord): Promise<ObjectHeader> {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const [{ bytesRead }, { size }] = await Promise.all([file.read(bytes, 0, HEADER_BYTES, 0), file.stat()]);
  return checkHeader(bytes.subarray(0, bytesRead), size, record);
}

async function readPayload(
  file: FileHandle,
  header: ObjectHeader,
  key: Uint8Array,
  start: number,
  end: number,
): Promise<Uint8Array> {
  // A buffer of its own, so that the receiver may transfer it.
  const plain = Buffer.allocUnsafeSlow(end - start);
  const lastChunk = chunkCount(header.payloadBytes) - 1;
  const first = Math.min(lastChunk, Math.floor(start / CHUNK_BYTES));
  const last = end > start ? Math.floor((end - 1) / CHUNK_BYTES) : first;
  // Two buffers in turn: one is decrypted while the other fills. Using them again spares the page faults of new memory.
  const size = Math.min(CHUNKS_PER_READ, last - first + 1) * (CHUNK_BYTES + TAG_BYTES);
  const buffers = [Buffer.allocUnsafeSlow(size), last - first < CHUNKS_PER_READ ? null : Buffer.allocUnsafeSlow(size)];
  const read = (from: number, round: number) =>
    readChunks(
      file,
      header,
      from,
      Math.min(last, from + CHUNKS_PER_READ - 1),
      buffers[round % 2] ?? Buffer.alloc(size),
    );

  let coming = read(first, 0);
  for (let from = first, round = 0; from <= last; from += CHUNKS_PER_READ, round++) {
    const sealed = await coming;
    if (from + CHUNKS_PER_READ <= last) {
      coming = read(from + CHUNKS_PER_READ, round + 1);
      // Heard when awaited; a failure of this round must not leave it unheard.
      coming.catch(() => undefined);
    }
    for (let chunk = from; chunk <= Math.min(last, from + CHUNKS_PER_READ - 1); chunk++) {
      const offset = (chunk - from) * (CHUNK_BYTES + TAG_BYTES);
      const piece = sealed.subarray(offset, offset + CHUNK_BYTES + TAG_BYTES);
      const begin = chunk * CHUNK_BYTES;
      const isWhole = begin >= start && begin + piece.length - TAG_BYTES <= end;
      if (isWhole) openChunk(key, header, chunk, chunk === lastChunk, piece, plain.subarray(begin - start));
      else {
        const payload = Buffer.allocUnsafeSlow(CHUNK_BYTES);
        const length = openChunk(key, header, chunk, chunk === lastChunk, piece, payload);
        plain.set(
          payload.subarray(Math.max(0, start - begin), Math.min(length, end - begin)),
          Math.max(0, begin - start),
        );
      }
    }
  }
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
}

async function readChunks(
  file: FileHandle,
  header: ObjectHeader,
  first: number,
  last: number,
  into: Buffer,
): Promise<Buffer> {
  const begin = chunkOffset(first);
  const payloadEnd = Math.min(header.payloadBytes, (last + 1) * CHUNK_BYTES);
  const length = chunkOffset(last) + (payloadEnd - last * CHUNK_BYTES) + TAG_BYTES - begin;
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(into, done, length - done, begin + done);
    if (bytesRead === 0) throw damagedObject();
    done += bytesRead;
  }
  return into.subarray(0, length);
}

async function unpack(payload: Uint8Array, plainBytes: number): Promise<Uint8Array> {
  const plain = await decompress(payload, { maxOutputLength: Math.max(1, plainBytes) }).catch(() => {
    throw damagedObject();
  });
  if (plain.length !== plainBytes) throw damagedObject();
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
}
