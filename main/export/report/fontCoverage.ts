/**
 * Which characters a TrueType font can draw, read from its cmap table: a report must never show empty boxes in silence.
 * @see OpenType specification, cmap, formats 4 and 12
 */
export type Coverage = (codePoint: number) => boolean;

export function fontCoverage(font: Uint8Array): Coverage {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmap = tableOffset(view, 'cmap');
  const ranges: (readonly [first: number, last: number])[] = [];
  for (let n = 0; n < view.getUint16(cmap + 2); n++) {
    const subtable = cmap + view.getUint32(cmap + 4 + 8 * n + 4);
    const format = view.getUint16(subtable);
    if (format === 4) ranges.push(...segmentRanges(view, subtable));
    if (format === 12) ranges.push(...groupRanges(view, subtable));
  }
  return (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

function tableOffset(view: DataView, tag: string): number {
  for (let n = 0; n < view.getUint16(4); n++) {
    const record = 12 + 16 * n;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((c) => view.getUint8(record + c)));
    if (name === tag) return view.getUint32(record + 8);
  }
  throw new RangeError(`The font has no table ${tag}.`);
}

function segmentRanges(view: DataView, at: number): (readonly [number, number])[] {
  const segments = view.getUint16(at + 6) / 2;
  return Array.from({ length: segments }, (_, n) => {
    const last = view.getUint16(at + 14 + 2 * n);
    const first = view.getUint16(at + 16 + 2 * segments + 2 * n);
    return [first, last] as const;
  }).filter(([first]) => first !== 0xffff);
}

function groupRanges(view: DataView, at: number): (readonly [number, number])[] {
  return Array.from({ length: view.getUint32(at + 12) }, (_, n) => {
    const group = at + 16 + 12 * n;
    return [view.getUint32(group), view.getUint32(group + 4)] as const;
  });
}
