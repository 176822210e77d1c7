import { expect, it } from 'vitest';
import { CUSTOMARY_COLORS, colorForSegment, SEGMENT_COLORS } from './palette.ts';
import { TERMS } from './terminology.ts';

it('names each term once, codes it in SNOMED CT and tells left from right', () => {
  expect(new Set(TERMS.map((t) => t.name)).size).toBe(TERMS.length);
  const codes = TERMS.map(({ codes: { type, modifier } }) => `${type.value} ${modifier?.value ?? ''}`);
  expect(new Set(codes).size).toBe(TERMS.length);
  for (const { codes } of TERMS) {
    for (const concept of [codes.category, codes.type, ...(codes.modifier ? [codes.modifier] : [])]) {
      expect(concept.scheme).toBe('SCT');
      expect(verhoeff(concept.value), `${concept.value} ${concept.meaning}`).toBe(0);
    }
  }
});

it('gives each new segment a colour of its own until the palette is used up', () => {
  const used: { color: string }[] = [];
  for (let n = 0; n < SEGMENT_COLORS.length; n++) used.push({ color: colorForSegment(used) });
  expect(new Set(used.map((s) => s.color)).size).toBe(SEGMENT_COLORS.length);
  for (const color of [...SEGMENT_COLORS, ...Object.values(CUSTOMARY_COLORS)]) expect(color).toMatch(/^#[0-9a-f]{6}$/);
});

it('passes over colours of the palette that can hardly be told from one that is there', () => {
  expect(colorForSegment([{ color: '#FFCC00' }])).toBe('#56b4e9');
  expect(colorForSegment([{ color: '#808080' }])).toBe('#e69f00');
});

/** The check digit of SNOMED CT identifiers: a mistyped code does not pass. @see SNOMED CT Technical Guide, SCTID check-digit */
function verhoeff(digits: string): number {
  const dihedral = (a: number, b: number) => {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
    return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
  };
  const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  return [...digits].reverse().reduce((check, digit, at) => {
    let permuted = Number(digit);
    for (let n = 0; n < at % 8; n++) permuted = turn[permuted]!;
    return dihedral(check, permuted);
  }, 0);
}
