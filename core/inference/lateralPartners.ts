/**
 * Which class is which one's mirror image: "Left hippocampus" and "Right hippocampus" are exchanged when a head is flipped left to
 * right. Sides come from the SNOMED CT laterality of a class, or from its name.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { ModelClass } from './modelManifest.ts';

type Side = 'left' | 'right';

/** @see DICOM PS3.16 CID 244 (laterality) */
const SIDE_CODES: Readonly<Record<string, Side>> = { '7771000': 'left', '24028007': 'right' };
const SIDE_WORDS: Readonly<Record<string, Side>> = { left: 'left', lh: 'left', right: 'right', rh: 'right' };
const LETTERS: Readonly<Record<string, Side>> = { l: 'left', r: 'right' };

/**
 * @returns for each class the index of its mirror image; itself where it belongs to no side
 * @throws model/no-partner where a class is of one side and none of the other side is its partner
 */
export function lateralPartners(classes: readonly ModelClass[]): number[] {
  return classes.map((one, index) => {
    const side = sideOf(one) ?? letterSide(one.name, classes);
    if (!side) return index;
    const partners = classes.flatMap((other, n) => (n !== index && isMirrored(one, side, other) ? [n] : []));
    const [partner] = partners;
    if (partner === undefined || partners.length > 1) throw noPartner(one.name);
    return partner;
  });
}

/** Whether any class is of one side. */
export function hasSides(classes: readonly ModelClass[]): boolean {
  return classes.some((one) => (sideOf(one) ?? letterSide(one.name, classes)) !== null);
}

function sideOf({ codes, name }: ModelClass): Side | null {
  const byCode = codes?.modifier?.scheme === 'SCT' ? SIDE_CODES[codes.modifier.value] : undefined;
  if (byCode) return byCode;
  const sides = new Set(wordsOf(name).flatMap((word) => SIDE_WORDS[word] ?? []));
  const [side] = sides;
  return side && sides.size === 1 ? side : null;
}

/** A lone L or R counts only where the other letter makes another class of it: "R" alone may mean anything. */
function letterSide(name: string, classes: readonly ModelClass[]): Side | null {
  const letter = wordsOf(name).find((word) => LETTERS[word]);
  if (!letter) return null;
  const mirrored = mirroredName(name);
  return classes.some((other) => plain(other.name) === mirrored) ? (LETTERS[letter] ?? null) : null;
}

function isMirrored(one: ModelClass, side: Side, other: ModelClass): boolean {
  if (plain(other.name) === mirroredName(one.name)) return true;
  const type = one.codes?.type;
  const otherType = other.codes?.type;
  if (!type || !otherType || !one.codes?.modifier || !other.codes?.modifier) return false;
  const otherSide = sideOf(other);
  return type.scheme === otherType.scheme && type.value === otherType.value && otherSide !== null && otherSide !== side;
}

const OPPOSITE: Readonly<Record<string, string>> = { left: 'right', right: 'left', lh: 'rh', rh: 'lh', l: 'r', r: 'l' };

function mirroredName(name: string): string {
  return wordsOf(name)
    .map((word) => OPPOSITE[word] ?? word)
    .join(' ');
}

function plain(name: string): string {
  return wordsOf(name).join(' ');
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

function noPartner(name: string): LanternError {
  return new LanternError(
    'model/no-partner',
    `“${name}” belongs to one side of the body, and no class of the model is its mirror image, so flipped answers cannot be averaged.`,
    'Run the model without flips.',
  );
}
