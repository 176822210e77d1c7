/**
 * Which segments, left out of a segmentation, leave a hole in one that stays: a lesion in a liver. Whatever lies in another layer leaves
 * none, the other's voxels are there below it. What touches what is counted once; what it means for a choice is then quick to say.
 */
import type { SegmentationContent } from './edit.ts';
import type { Labelmap } from './labelmap.ts';
import type { Segment } from './segment.ts';

/** By segment: the faces that its voxels share with each other segment; under 0 those with nothing, or at the edge of the image. */
export type Contacts = ReadonlyMap<number, ReadonlyMap<number, number>>;

export interface HoleLeft {
  /** Number of the segment that is left out. */
  readonly leftOut: number;
  /** Number of the one that stays around it. */
  readonly within: number;
  readonly voxels: number;
}

/** Less of its surface may be a bay as well as a hole. */
const MOSTLY = 0.75;

export function contactsOf({ segments, layers }: Pick<SegmentationContent, 'segments' | 'layers'>): Contacts {
  const places = new Uint16Array(0x10000);
  for (const [n, { number }] of segments.entries()) places[number] = n + 1;
  const side = segments.length + 1;
  const faces = new Float64Array(side * side);
  for (const labelmap of layers) countFaces(labelmap, places, faces, side);
  return new Map(segments.map(({ number }, n) => [number, rowOf(faces, n + 1, segments)]));
}

/**
 * @param voxels by segment number
 * @param leftOut numbers of the segments that do not stay
 * @returns in the order of `leftOut`
 */
export function holesLeft(
  contacts: Contacts,
  voxels: ReadonlyMap<number, number>,
  leftOut: ReadonlySet<number>,
): HoleLeft[] {
  return [...leftOut].flatMap((number) => {
    const within = enclosing(number, contacts, voxels, leftOut);
    return within === null ? [] : [{ leftOut: number, within, voxels: voxels.get(number) ?? 0 }];
  });
}

/** What is left out in the midst of more that is left out, as the core of a lesion is, is judged together with that. */
function enclosing(
  number: number,
  contacts: Contacts,
  voxels: ReadonlyMap<number, number>,
  leftOut: ReadonlySet<number>,
): number | null {
  const group = new Set([number]);
  for (;;) {
    const around = new Map<number, number>();
    for (const member of group) {
      for (const [other, faces] of contacts.get(member) ?? []) {
        if (!group.has(other)) around.set(other, (around.get(other) ?? 0) + faces);
      }
    }
    const all = [...around.values()].reduce((sum, faces) => sum + faces, 0);
    const size = [...group].reduce((sum, member) => sum + (voxels.get(member) ?? 0), 0);
    const ranked = [...around].sort(([, a], [, b]) => b - a);
    const [most] = ranked;
    if (!most) return null;
    const [other, faces] = most;
    const stays = other !== 0 && !leftOut.has(other);
    // What is larger than its shell is a cavity, as of a ventricle, and no hole.
    if (stays && faces >= MOSTLY * all && size < (voxels.get(other) ?? 0)) return other;
    const next = ranked.find(([candidate]) => leftOut.has(candidate));
    if (!next) return null;
    group.add(next[0]);
  }
}

/** @param places index of each label in the table of faces, which has `side` rows */
function countFaces({ size, voxels }: Labelmap, places: Uint16Array, faces: Float64Array, side: number): void {
  const steps = [1, size[0], size[0] * size[1]] as const;
  const [columns, rows, slices] = size;
  const count = (a: number, b: number): void => {
    const [from, to] = [places[a]!, places[b]!];
    faces[from * side + to]!++;
    faces[to * side + from]!++;
  };
  let o = 0;
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, o++) {
        const label = voxels[o]!;
        if (i + 1 < columns && voxels[o + steps[0]] !== label) count(label, voxels[o + steps[0]]!);
        if (j + 1 < rows && voxels[o + steps[1]] !== label) count(label, voxels[o + steps[1]]!);
        if (k + 1 < slices && voxels[o + steps[2]] !== label) count(label, voxels[o + steps[2]]!);
        if (label === 0) continue;
        if (i === 0 || i + 1 === columns) count(label, 0);
        if (j === 0 || j + 1 === rows) count(label, 0);
        if (k === 0 || k + 1 === slices) count(label, 0);
      }
    }
  }
}

function rowOf(faces: Float64Array, row: number, segments: readonly Segment[]): ReadonlyMap<number, number> {
  const side = segments.length + 1;
  const numbers = [0, ...segments.map(({ number }) => number)];
  return new Map(numbers.map((number, n) => [number, faces[row * side + n]!] as const).filter(([, n]) => n > 0));
}
