/**
 * Masks of a network whose classes may share voxels (ModelOutput.overlapping): while a run lasts, each voxel holds a mark with one bit
 * for each class, in the order of the manifest. Then they are spread over layers, so that every class keeps all of its voxels.
 */
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { ModelClass, ModelManifest } from './modelManifest.ts';

/** Bits of a mark. */
export const MOST_REGIONS = 16;

/** By class, what is set in the marks of its voxels. */
export function marksOf(classes: readonly ModelClass[]): number[] {
  return classes.map((_, n) => 1 << n);
}

/** @returns one label a voxel, to be drawn, named or compared; where classes overlap that of the last one in the manifest */
export function singleLabels({ output, classes }: Pick<ModelManifest, 'output' | 'classes'>, mask: Labelmap): Labelmap {
  if (!output.overlapping) return mask;
  const table = Array.from({ length: 1 << classes.length }, (_, mark) => lastValue(mark, classes));
  const labels = new (typeOf(classes))(mask.voxels.length);
  for (let n = 0; n < labels.length; n++) labels[n] = table[mask.voxels[n]!]!;
  return { size: mask.size, voxels: labels };
}

export interface Regions {
  readonly layers: readonly [Labelmap, ...Labelmap[]];
  /** By class, in the manifest's order; classes without a voxel lie on the first. */
  readonly layerOf: readonly number[];
  readonly isFound: readonly boolean[];
}

/** Classes that share no voxel share a layer. */
export function layRegions({ size, voxels }: Labelmap, classes: readonly ModelClass[]): Regions {
  const marks = marksOf(classes);
  const isMet = new Uint8Array(1 << classes.length);
  for (let n = 0; n < voxels.length; n++) isMet[voxels[n]!] = 1;
  const met = [...isMet.keys()].filter((mark) => isMet[mark]);
  /** Bits of the classes on each layer. */
  const held: number[] = [0];
  const layerOf = marks.map((mark) => {
    const meets = met.reduce((others, one) => (one & mark ? others | one : others), 0);
    const free = held.findIndex((bits) => (bits & meets) === 0);
    const at = free === -1 ? held.push(0) - 1 : free;
    held[at]! |= mark;
    return at;
  });
  const Type = typeOf(classes);
  const [first, ...others] = held.map((bits): Labelmap => {
    const table = Array.from({ length: 1 << classes.length }, (_, mark) => lastValue(mark & bits, classes));
    const labels = new Type(voxels.length);
    for (let n = 0; n < labels.length; n++) labels[n] = table[voxels[n]!]!;
    return { size, voxels: labels };
  });
  if (!first) throw new Error('there is always a layer');
  return { layers: [first, ...others], layerOf, isFound: marks.map((mark) => met.some((one) => (one & mark) !== 0)) };
}

function lastValue(mark: number, classes: readonly ModelClass[]): number {
  return mark === 0 ? 0 : (classes[31 - Math.clz32(mark)]?.value ?? 0);
}

function typeOf(classes: readonly ModelClass[]): typeof Uint8Array | typeof Uint16Array {
  return classes.some(({ value }) => value > 255) ? Uint16Array : Uint8Array;
}
