/**
 * From the names that foreign networks give to their classes ("kidney_right", "Left-Putamen") to a name in words and codes.
 * A table that comes with the network counts first, then this program's own terms; what neither knows is "Tissue", and said so.
 */
import type { ModelClass } from '#core/inference/modelManifest.ts';
import { brainTerm } from '#core/segmentation/brainTerms.ts';
import { SEGMENT_COLORS } from '#core/segmentation/palette.ts';
import type { SegmentCodes } from '#core/segmentation/segment.ts';
import { TERMS, UNSPECIFIED_TISSUE } from '#core/segmentation/terminology.ts';

export interface NamedCodes {
  readonly codes: SegmentCodes;
  readonly color: string | null;
}

/** By class name as the network has it, in small letters. */
export type CodeTable = ReadonlyMap<string, NamedCodes>;

export interface CodedClass extends ModelClass {
  /** How well the code says what the class is. */
  readonly coded: 'exactly' | 'as-its-whole' | 'not';
}

export function backgroundClass(): CodedClass {
  return { value: 0, name: 'Background', coded: 'exactly' };
}

export function codedClass(
  value: number,
  name: string,
  color: string | null,
  table: CodeTable = new Map(),
): CodedClass {
  const given = table.get(name.trim().toLowerCase());
  const term = given ? null : (generalTerm(name) ?? brainTerm(name) ?? tumourTerm(name));
  const fallback = SEGMENT_COLORS[(value - 1) % SEGMENT_COLORS.length] ?? '#e69f00';
  const whole = term !== null && 'isPartOfCode' in term && term.isPartOfCode;
  return {
    value,
    name: term?.name ?? inWords(name),
    color: color ?? given?.color ?? fallback,
    codes: given?.codes ?? term?.codes ?? UNSPECIFIED_TISSUE,
    coded: whole ? 'as-its-whole' : given || term ? 'exactly' : 'not',
  };
}

/** Without what only the card says. */
export function manifestClass({ coded: _, ...rest }: CodedClass): ModelClass {
  return rest;
}

/** "kidney_right", "right kidney" and "Kidney, right" are one. */
function generalTerm(name: string): { name: string; codes: SegmentCodes } | null {
  const wanted = wordsOf(name);
  return TERMS.find((term) => term.codes !== UNSPECIFIED_TISSUE && wordsOf(term.name) === wanted) ?? null;
}

/** As networks for tumours name their regions (BraTS, KiTS), in American letters. */
const TUMOUR_TERMS: readonly (readonly [name: string, term: string, isPartOfCode: boolean])[] = [
  ['tumor', 'Neoplasm', false],
  ['whole tumor', 'Neoplasm', false],
  ['tumor core', 'Neoplasm', true],
  ['enhancing tumor', 'Neoplasm', true],
  ['non-enhancing tumor core', 'Neoplasm', true],
  ['necrotic tumor core', 'Neoplasm', true],
  ['peritumoral edema', 'Edema', false],
];

function tumourTerm(name: string): { name: string; codes: SegmentCodes; isPartOfCode: boolean } | null {
  const wanted = wordsOf(name.replace(/tumour/gi, 'tumor').replace(/oedema/gi, 'edema'));
  const [, meaning, isPartOfCode = false] = TUMOUR_TERMS.find(([known]) => wordsOf(known) === wanted) ?? [];
  const codes = TERMS.find((term) => term.name === meaning)?.codes;
  return codes ? { name: inWords(name), codes, isPartOfCode } : null;
}

function wordsOf(name: string): string {
  const words = name
    .toLowerCase()
    .split(/[\s_,-]+/)
    .filter(Boolean);
  return words.sort().join(' ');
}

function inWords(name: string): string {
  const text = name.trim().replace(/[_\s]+/g, ' ') || 'Unnamed';
  return (text.charAt(0).toUpperCase() + text.slice(1)).slice(0, 200);
}
