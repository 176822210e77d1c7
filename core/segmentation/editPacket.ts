/**
 * An edit as bytes, the same for the renderer, the wire and the database:
 * "LNE1", length of the header (4 bytes, little-endian), the header as JSON, then the coded deltas one after the other.
 */
import { strFromU8, strToU8 } from 'fflate';
import type { AnswerOrigin } from './answerOrigin.ts';
import { badPacket, decodeDelta, encodeDelta } from './deltaCoding.ts';
import type { Edit, EditSource } from './edit.ts';
import type { Segment } from './segment.ts';

const MAGIC = strToU8('LNE1');
const PREFIX_BYTES = 8;
const SOURCES: readonly string[] = ['manual', 'model', 'preset'] satisfies EditSource[];

interface PacketHeader {
  readonly code: string;
  readonly label: string;
  readonly source: EditSource;
  readonly segmentsBefore: readonly Segment[] | null;
  readonly segmentsAfter: readonly Segment[] | null;
  readonly deltas: readonly { readonly layer: number; readonly byteLength: number }[];
  readonly origin?: AnswerOrigin;
}

export function encodeEdit(edit: Edit): Uint8Array {
  const payloads = edit.deltas.map(({ delta }) => encodeDelta(delta));
  const { code, label, source, segmentsBefore, segmentsAfter, origin } = edit;
  const deltas = edit.deltas.map(({ layer }, at) => ({ layer, byteLength: payloads[at]!.length }));
  const header = strToU8(JSON.stringify({ code, label, source, segmentsBefore, segmentsAfter, deltas, origin }));
  const packet = new Uint8Array(PREFIX_BYTES + header.length + deltas.reduce((n, d) => n + d.byteLength, 0));
  packet.set(MAGIC);
  new DataView(packet.buffer).setUint32(4, header.length, true);
  packet.set(header, PREFIX_BYTES);
  let at = PREFIX_BYTES + header.length;
  for (const payload of payloads) {
    packet.set(payload, at);
    at += payload.length;
  }
  return packet;
}

/**
 * The segments are only known to be objects with a number, the origin to be an object: whoever takes packets from outside checks them by schema.
 * @throws segmentation/bad-packet
 */
export function decodeEdit(packet: Uint8Array): Edit {
  const header = readHeader(packet);
  let at = packet.length - header.deltas.reduce((n, d) => n + d.byteLength, 0);
  if (at !== PREFIX_BYTES + headerLength(packet)) throw badPacket();
  const deltas = header.deltas.map(({ layer, byteLength }) => {
    const delta = decodeDelta(packet.subarray(at, at + byteLength));
    at += byteLength;
    return { layer, delta };
  });
  const { code, label, source, segmentsBefore, segmentsAfter, origin } = header;
  return { code, label, source, segmentsBefore, segmentsAfter, deltas, ...(origin && { origin }) };
}

function headerLength(packet: Uint8Array): number {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength).getUint32(4, true);
}

function readHeader(packet: Uint8Array): PacketHeader {
  if (packet.length < PREFIX_BYTES || MAGIC.some((byte, at) => packet[at] !== byte)) throw badPacket();
  const length = headerLength(packet);
  if (PREFIX_BYTES + length > packet.length) throw badPacket();
  let header: unknown;
  try {
    header = JSON.parse(strFromU8(packet.subarray(PREFIX_BYTES, PREFIX_BYTES + length)));
  } catch (error) {
    throw badPacket(error);
  }
  if (!isHeader(header)) throw badPacket();
  return header;
}

function isHeader(value: unknown): value is PacketHeader {
  if (!isRecord(value)) return false;
  const { code, label, source, segmentsBefore, segmentsAfter, deltas, origin } = value;
  return (
    typeof code === 'string' &&
    typeof label === 'string' &&
    SOURCES.includes(String(source)) &&
    isSegments(segmentsBefore) &&
    isSegments(segmentsAfter) &&
    (origin === undefined || isRecord(origin)) &&
    Array.isArray(deltas) &&
    deltas.every((d) => isRecord(d) && isCount(d['layer']) && isCount(d['byteLength']))
  );
}

function isSegments(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((s) => isRecord(s) && isCount(s['number'])));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
