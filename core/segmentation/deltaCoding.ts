/**
 * A delta as bytes: varint(length of the plain form), then its deflated plain form:
 * varints version, size i j k, number of runs, and per run: gap from the end of the run before, length, before, after.
 * The decoder trusts nothing: it is given what came over a wire or from a disk.
 */
import { deflateSync, inflateSync } from 'fflate';
import { LanternError } from '../errors/lanternError.ts';
import type { LabelDelta } from './delta.ts';
import { boxOfRuns } from './deltaBox.ts';

const VERSION = 1;
/** Longest plain form of one run of one voxel: gap, length, before, after; five more for a large gap. */
const BYTES_PER_VOXEL = 13;
const MOST_PLAIN_BYTES = 2 ** 30;

export function encodeDelta(delta: LabelDelta): Uint8Array {
  const { runs, size } = delta;
  const plain = new VarintWriter(32 + runs.length * 2);
  for (const n of [VERSION, ...size, runs.length / 4]) plain.write(n);
  let end = 0;
  for (let r = 0; r < runs.length; r += 4) {
    plain.write(runs[r]! - end);
    plain.write(runs[r + 1]!);
    plain.write(runs[r + 2]!);
    plain.write(runs[r + 3]!);
    end = runs[r]! + runs[r + 1]!;
  }
  const bytes = plain.bytes();
  const head = new VarintWriter(8);
  head.write(bytes.length);
  const packed = deflateSync(bytes, { level: bytes.length > 1 << 20 ? 1 : 6 });
  const out = new Uint8Array(head.bytes().length + packed.length);
  out.set(head.bytes());
  out.set(packed, head.bytes().length);
  return out;
}

/** @throws segmentation/bad-packet */
export function decodeDelta(bytes: Uint8Array): LabelDelta {
  const head = new VarintReader(bytes);
  const plainLength = head.read();
  const reader = new VarintReader(inflated(bytes.subarray(head.position), plainLength));
  if (reader.read() !== VERSION) throw badPacket();
  const size = [reader.read(), reader.read(), reader.read()] as const;
  const voxels = size[0] * size[1] * size[2];
  const count = reader.read();
  if (size.some((n) => n < 1 || n > 0xffff) || count > voxels || count * 4 > plainLength) throw badPacket();
  if (plainLength > 64 + BYTES_PER_VOXEL * voxels) throw badPacket();
  const runs = new Uint32Array(count * 4);
  let end = 0;
  for (let r = 0; r < runs.length; r += 4) {
    const offset = end + reader.read();
    const length = reader.read();
    const before = reader.read();
    const after = reader.read();
    end = offset + length;
    if (length < 1 || end > voxels || before > 0xffff || after > 0xffff || before === after) throw badPacket();
    runs[r] = offset;
    runs[r + 1] = length;
    runs[r + 2] = before;
    runs[r + 3] = after;
  }
  if (!reader.atEnd) throw badPacket();
  return { size, box: boxOfRuns(size, runs), runs };
}

function inflated(packed: Uint8Array, plainLength: number): Uint8Array {
  // Deflate never expands beyond 1032 : 1 (RFC 1951), so a larger claim is a lie and nothing is allocated for it.
  if (plainLength > Math.min(packed.length * 1032 + 64, MOST_PLAIN_BYTES)) throw badPacket();
  try {
    const plain = inflateSync(packed, { out: new Uint8Array(plainLength) });
    if (plain.length === plainLength) return plain;
  } catch (error) {
    throw badPacket(error);
  }
  throw badPacket();
}

class VarintWriter {
  #bytes: Uint8Array;
  #used = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  write(value: number): void {
    if (this.#used + 8 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2 + 8);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#used++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#used++] = rest;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }
}

class VarintReader {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.position === this.#bytes.length;
  }

  read(): number {
    let value = 0;
    let scale = 1;
    for (let n = 0; n < 6; n++) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) throw badPacket();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw badPacket();
  }
}

export function badPacket(cause?: unknown): LanternError {
  return new LanternError(
    'segmentation/bad-packet',
    'This change of the segmentation is damaged and was not taken.',
    'Open the case again and repeat the change.',
    { cause },
  );
}
