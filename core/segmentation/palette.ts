/**
 * Colours of segments: eleven hues told apart with protanopia, deuteranopia and tritanopia and on black, after
 * Okabe & Ito (2008, "Color Universal Design") and Tol (2021), with bone, arteries and veins in their customary tones.
 */
import type { Segment } from './segment.ts';

export const CUSTOMARY_COLORS = {
  bone: '#f1e2b0',
  artery: '#d9534a',
  vein: '#5b8ff9',
  liver: '#c8734a',
  lung: '#9fd0e6',
  tumour: '#f7d046',
} as const;

export const SEGMENT_COLORS: readonly string[] = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#cc79a7',
  '#4477ff',
  '#d55e00',
  '#99ddff',
  '#bbcc33',
  '#ffaabb',
  '#aa88ee',
];

/** Closer than any two of the palette: side by side, hatched, nobody tells them apart. Distance of red, green, blue, 0 … 255 each. */
const ALIKE = 56;

/** @returns the first colour of the palette that is used least, itself or one like it */
export function colorForSegment(segments: readonly Pick<Segment, 'color'>[]): string {
  const uses = (color: string) => segments.filter((s) => areAlike(s.color, color)).length;
  return SEGMENT_COLORS.reduce((best, color) => (uses(color) < uses(best) ? color : best));
}

function areAlike(a: string, b: string): boolean {
  const [first, second] = [a, b].map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  return Math.hypot(...(first ?? []).map((x, n) => x - (second?.[n] ?? 0))) < ALIKE;
}
