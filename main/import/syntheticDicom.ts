/** For tests: small DICOM files, explicit VR little endian, written by hand so that they can also be wrong in any way. */
export interface SyntheticSlice {
  readonly patientName?: string;
  readonly patientId?: string;
  /** YYYYMMDD */
  readonly birthDate?: string;
  readonly study?: string;
  readonly series?: string;
  /** Its UID; default: the file has none. */
  readonly frameOfReference?: string;
  readonly sop: string;
  readonly sopClass?: string;
  readonly modality?: string;
  readonly instanceNumber?: number;
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  readonly rows?: number;
  readonly columns?: number;
  readonly pixels?: Int16Array;
  readonly slope?: string;
  readonly intercept?: string;
  readonly transferSyntax?: string;
}

const LONG = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

/** @returns one element; text is padded to an even length */
export function dicomElement(group: number, element: number, vr: string, value: string | Uint8Array): Buffer {
  let body = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value);
  if (body.length % 2) body = Buffer.concat([body, Buffer.from(vr === 'UI' || LONG.has(vr) ? '\0' : ' ')]);
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, 'latin1');
  if (LONG.has(vr)) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

function us(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** @returns a whole file; the default is a 4 × 4 CT slice whose values are 0..15 */
export function syntheticDicom(slice: SyntheticSlice): Buffer {
  const rows = slice.rows ?? 4;
  const columns = slice.columns ?? 4;
  const pixels = slice.pixels ?? Int16Array.from({ length: rows * columns }, (_, n) => n);
  const sopClass = slice.sopClass ?? '1.2.840.10008.5.1.4.1.1.2';
  const list = (values: readonly number[]) => values.join('\\');
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    dicomElement(0x0002, 0x0010, 'UI', slice.transferSyntax ?? '1.2.840.10008.1.2.1'),
    dicomElement(0x0008, 0x0005, 'CS', 'ISO_IR 192'),
    dicomElement(0x0008, 0x0016, 'UI', sopClass),
    dicomElement(0x0008, 0x0018, 'UI', slice.sop),
    dicomElement(0x0008, 0x0020, 'DA', '20260203'),
    dicomElement(0x0008, 0x0060, 'CS', slice.modality ?? 'CT'),
    dicomElement(0x0010, 0x0010, 'PN', Buffer.from(slice.patientName ?? 'Synthetic^Sören').toString('latin1')),
    ...(slice.patientId === undefined ? [] : [dicomElement(0x0010, 0x0020, 'LO', slice.patientId)]),
    ...(slice.birthDate === undefined ? [] : [dicomElement(0x0010, 0x0030, 'DA', slice.birthDate)]),
    dicomElement(0x0020, 0x000d, 'UI', slice.study ?? '1.2.3'),
    dicomElement(0x0020, 0x000e, 'UI', slice.series ?? '1.2.3.1'),
    dicomElement(0x0020, 0x0013, 'IS', String(slice.instanceNumber ?? 1)),
    dicomElement(0x0020, 0x0032, 'DS', list(slice.position ?? [0, 0, 0])),
    dicomElement(0x0020, 0x0037, 'DS', list(slice.orientation ?? [1, 0, 0, 0, 1, 0])),
    ...(slice.frameOfReference === undefined ? [] : [dicomElement(0x0020, 0x0052, 'UI', slice.frameOfReference)]),
    dicomElement(0x0028, 0x0002, 'US', us(1)),
    dicomElement(0x0028, 0x0004, 'CS', 'MONOCHROME2'),
    dicomElement(0x0028, 0x0010, 'US', us(rows)),
    dicomElement(0x0028, 0x0011, 'US', us(columns)),
    dicomElement(0x0028, 0x0030, 'DS', '0.5\\0.5'),
    dicomElement(0x0028, 0x0100, 'US', us(16)),
    dicomElement(0x0028, 0x0101, 'US', us(16)),
    dicomElement(0x0028, 0x0102, 'US', us(15)),
    dicomElement(0x0028, 0x0103, 'US', us(1)),
    dicomElement(0x0028, 0x1052, 'DS', slice.intercept ?? '-1000'),
    dicomElement(0x0028, 0x1053, 'DS', slice.slope ?? '1'),
    dicomElement(0x7fe0, 0x0010, 'OW', new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)),
  ]);
}

/** @returns an axial stack, one file a position */
export function syntheticStack(positions: readonly number[], change: Partial<SyntheticSlice> = {}): Buffer[] {
  const series = change.series ?? '1.2.3.1';
  return positions.map((z, n) =>
    syntheticDicom({
      sop: `${series}.${n + 1}`,
      instanceNumber: n + 1,
      position: [0, 0, z],
      pixels: Int16Array.from({ length: (change.rows ?? 4) * (change.columns ?? 4) }, (_, p) => 100 * z + p),
      ...change,
    }),
  );
}
