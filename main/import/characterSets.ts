/**
 * Text of DICOM files in their own character sets, ISO 2022 escapes included.
 * @see DICOM PS3.3 C.12.1.1.2, PS3.5 section 6.1
 */

/** Defined terms to the labels of the WHATWG encodings that hold them. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'ISO_IR 6': 'latin1',
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  'ISO_IR 87': 'iso-2022-jp',
  'ISO_IR 159': 'iso-2022-jp',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gb18030',
};

/** Escape sequences (after ESC) to the encoding of what follows. Two-byte sets of G1 hold ASCII in their low half. */
const ESCAPES: readonly (readonly [sequence: string, encoding: string])[] = [
  ['(B', 'latin1'],
  ['-A', 'latin1'],
  ['-B', 'iso-8859-2'],
  ['-C', 'iso-8859-3'],
  ['-D', 'iso-8859-4'],
  ['-L', 'iso-8859-5'],
  ['-G', 'iso-8859-6'],
  ['-F', 'iso-8859-7'],
  ['-H', 'iso-8859-8'],
  ['-M', 'iso-8859-9'],
  ['-b', 'iso-8859-15'],
  ['-T', 'windows-874'],
  [')I', 'shift_jis'],
  ['(J', 'shift_jis'],
  ['$B', 'jis-x-0208'],
  ['$(D', 'jis-x-0212'],
  ['$)C', 'euc-kr'],
  ['$)A', 'gb18030'],
];

const ESC = 0x1b;

/** @param terms the values of Specific Character Set (0008,0005), in order; empty means ASCII */
export function textDecoder(terms: readonly string[]): (bytes: Uint8Array) => string {
  const normal = terms.map((term) =>
    term
      .trim()
      .replace(/^ISO 2022 IR /, 'ISO_IR ')
      .replace(/^ISO-IR /, 'ISO_IR '),
  );
  const initial = ENCODINGS[normal[0] ?? ''] ?? 'latin1';
  // Shift JIS holds ISO IR 13 and 14; the two-byte sets can only be reached through an escape.
  const start = initial === 'iso-2022-jp' ? 'latin1' : initial;
  return (bytes) => decodeEscapes(bytes, start);
}

function decodeEscapes(bytes: Uint8Array, initial: string): string {
  if (!bytes.includes(ESC)) return decodePart(bytes, initial);
  let text = '';
  let encoding = initial;
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    // Delimiters of names and values bring the first character set back.
    const delimiter = (byte === 0x5e || byte === 0x3d || byte === 0x5c) && !encoding.startsWith('jis-x');
    if (byte === ESC) {
      text += decodePart(bytes.subarray(from, at), encoding);
      const known = ESCAPES.find(([sequence]) => startsWith(bytes, at + 1, sequence));
      encoding = known?.[1] ?? initial;
      from = at + 1 + (known?.[0].length ?? 0);
      at = from - 1;
    } else if (delimiter && encoding !== initial) {
      text += decodePart(bytes.subarray(from, at), encoding);
      encoding = initial;
      from = at;
    }
  }
  return text + decodePart(bytes.subarray(from), encoding);
}

function startsWith(bytes: Uint8Array, at: number, sequence: string): boolean {
  for (let n = 0; n < sequence.length; n++) if (bytes[at + n] !== sequence.charCodeAt(n)) return false;
  return true;
}

function decodePart(bytes: Uint8Array, encoding: string): string {
  if (bytes.length === 0) return '';
  if (encoding === 'latin1') return Buffer.from(bytes).toString('latin1');
  if (encoding === 'jis-x-0208') {
    // EUC-JP holds JIS X 0208 with the high bits set.
    return new TextDecoder('euc-jp').decode(bytes.map((byte) => byte | 0x80));
  }
  if (encoding === 'jis-x-0212') {
    const euc: number[] = [];
    for (let n = 0; n + 1 < bytes.length; n += 2) euc.push(0x8f, (bytes[n] ?? 0) | 0x80, (bytes[n + 1] ?? 0) | 0x80);
    return new TextDecoder('euc-jp').decode(Uint8Array.from(euc));
  }
  return new TextDecoder(encoding).decode(bytes);
}
