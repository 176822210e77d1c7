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
  const read = (from: number) => readChunks(file, header, from, Math.min(last, from + CHUNKS_PER_READ - 1));

  let coming = read(first);
  for (let from = first; from <= last; from += CHUNKS_PER_READ) {
    const sealed = await coming;
    if (from + CHUNKS_PER_READ <= last) {
      coming = read(from + CHUNKS_PER_READ);
      // Heard when awaited; a failure of this round must not leave it unheard.
      coming.catch(() => undefined);
    }
    for (let chunk = from; chunk <= Math.min(last, from + CHUNKS_PER_READ - 1); chunk++) {
      const offset = (chunk - from) * (CHUNK_BYTES + TAG_BYTES);
      const piece = sealed.subarray(offset, offset + CHUNK_BYTES + TAG_BYTES);
      const payload = openChunk(key, header, chunk, chunk === lastChunk, piece);
      const begin = chunk * CHUNK_BYTES;
      const wanted = payload.subarray(Math.max(0, start - begin), Math.max(0, end - begin));
      plain.set(wanted, Math.max(0, begin - start));
    }
  }
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
}

async function readChunks(file: FileHandle, header: ObjectHeader, first: number, last: number): Promise<Buffer> {
  const begin = chunkOffset(first);
  const payloadEnd = Math.min(header.payloadBytes, (last + 1) * CHUNK_BYTES);
  const length = chunkOffset(last) + (payloadEnd - last * CHUNK_BYTES) + TAG_BYTES - begin;
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, begin + done);
    if (bytesRead === 0) throw damagedObject();
    done += bytesRead;
  }
  return bytes;
}

async function unpack(payload: Uint8Array, plainBytes: number): Promise<Uint8Array> {
  const plain = await decompress(payload, { maxOutputLength: Math.max(1, plainBytes) }).catch(() => {
    throw damagedObject();
  });
  if (plain.length !== plainBytes) throw damagedObject();
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
}
