/**
 * What the shape of a head says of how it lies, each cue a number. Axes are those of coarseVolume.ts (0 = L, 1 = P, 2 = S as the
 * header states them); a "way" is an axis with a sign, +1 towards growing indices. Next: headPose.ts, which decides.
 */
import type { BinaryMask } from '../segmentation/binaryMask.ts';
import { COARSE_MM, type CoarseVolume } from './coarseVolume.ts';

export type Axis = 0 | 1 | 2;
export interface Way {
  readonly axis: Axis;
  readonly sign: 1 | -1;
}

export interface Head {
  readonly coarse: CoarseVolume;
  readonly mask: BinaryMask;
}

/** An end of the body is judged over this length. */
const END_MM = 12;
/** From the vertex down to where a neck may begin. */
const HEAD_MM = 176;
/** How far the plane of symmetry may lie from the centre of mass. */
const SYMMETRY_SEARCH_MM = 12;

/** @returns voxels of the mask in each plane across the axis */
export function profile({ mask }: Head, axis: Axis): Float64Array {
  const counts = new Float64Array(mask.size[axis]);
  visit(mask, (o, at) => {
    counts[at[axis]]! += mask.voxels[o]!;
  });
  return counts;
}

/** @returns first and last plane that holds something */
export function rangeOf(counts: Float64Array): { first: number; last: number } {
  return { first: counts.findIndex((n) => n > 0), last: counts.findLastIndex((n) => n > 0) };
}

/** @returns mean area over the last millimetres towards that way, as a share of the largest area: near 0 for a cap, near 1 for a cut */
export function endShare(head: Head, { axis, sign }: Way): number {
  const counts = profile(head, axis);
  const { first, last } = rangeOf(counts);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const planes = END_MM / COARSE_MM;
  const from = sign === 1 ? Math.max(first, last - planes + 1) : first;
  let sum = 0;
  for (let n = 0; n < planes; n++) sum += counts[from + n] ?? 0;
  return sum / planes / most;
}

/** @returns correlation of the head with its mirror image across the axis, at the best place of the mirror; 1 = the same */
export function mirrorCorrelation(head: Head, axis: Axis): number {
  const { mask } = head;
  const counts = profile(head, axis);
  const { first, last } = rangeOf(counts);
  const inside = counts.reduce((sum, n) => sum + n, 0);
  const centre = counts.reduce((sum, n, index) => sum + n * index, 0) / inside;
  const reach = Math.round((2 * SYMMETRY_SEARCH_MM) / COARSE_MM);
  const planes = planesAcross(mask, axis, aboveAir(head));
  let best = -1;
  for (let shift = -reach; shift <= reach; shift++) {
    const sum = Math.round(2 * centre) + shift;
    const pairs: [Float32Array, Float32Array][] = [];
    for (let n = first; 2 * n <= sum; n++) {
      const [a, b] = [planes[n], planes[sum - n]];
      if (a && b && sum - n <= last) pairs.push([a, b]);
    }
    best = Math.max(best, pairedCorrelation(pairs, inside));
  }
  return best;
}

/** Values above the air around, 0 outside of the head. */
function aboveAir({ coarse, mask }: Head): Float32Array {
  let sum = 0;
  let count = 0;
  for (const [o, x] of coarse.values.entries()) {
    if (mask.voxels[o] === 1) continue;
    sum += x;
    count++;
  }
  const air = sum / Math.max(1, count);
  return coarse.values.map((x, o) => (mask.voxels[o] === 1 ? x - air : 0));
}

function planesAcross({ size }: BinaryMask, axis: Axis, values: Float32Array): Float32Array[] {
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [a, b] = acrossOf(axis);
  return Array.from({ length: size[axis] }, (_, n) => {
    const plane = new Float32Array(size[a] * size[b]);
    let at = 0;
    for (let q = 0; q < size[b]; q++) {
      for (let p = 0; p < size[a]; p++) plane[at++] = values[n * strides[axis] + p * strides[a] + q * strides[b]]!;
    }
    return plane;
  });
}

/** Over voxels where one of the two is tissue, each pair taken both ways. @returns −1 where too little of the head has a partner */
function pairedCorrelation(pairs: readonly [Float32Array, Float32Array][], inside: number): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let products = 0;
  for (const [one, other] of pairs) {
    for (let n = 0; n < one.length; n++) {
      const a = one[n]!;
      const b = other[n]!;
      if (a === 0 && b === 0) continue;
      count += 2;
      sum += a + b;
      squares += a * a + b * b;
      products += 2 * a * b;
    }
  }
  const spread = squares - (sum * sum) / count;
  return count < 0.5 * inside || !(spread > 0) ? -1 : (products - (sum * sum) / count) / spread;
}

export interface Voids {
  /** Share of voids in the half near the vertex and in the half below it. */
  readonly upper: number;
  readonly lower: number;
}

/** Air and bone inside of the outline (sinuses, nose, throat, skull base) lie in the lower half of a head. */
export function voids(head: Head, vertex: Way, outline: Uint8Array): Voids {
  const { mask } = head;
  const depth = depthFrom(head, vertex);
  const half = Math.min(depth.extent, HEAD_MM / COARSE_MM) / 2;
  const inside = [0, 0];
  const empty = [0, 0];
  visit(mask, (o, at) => {
    const part = Math.floor(depth.of(at[vertex.axis]) / half);
    if (outline[o] === 0 || (part !== 0 && part !== 1)) return;
    inside[part]! += 1;
    empty[part]! += 1 - mask.voxels[o]!;
  });
  return { upper: empty[0]! / Math.max(1, inside[0]!), lower: empty[1]! / Math.max(1, inside[1]!) };
}

export interface FrontCues {
  /** How much rougher the front is than the back: logarithm of the ratio of the surfaces' deviations from smooth ones. */
  readonly roughness: number;
  /** The upper half's centre of area behind the middle of its length, as a share of the length: heads are wider behind. */
  readonly egg: number;
  /** Darkness inside of the lower half before its centre, as a share of the length: the cavities of the face lie in front. */
  readonly cavities: number;
}

/** @param front the way that the face would look */
export function frontCues(head: Head, vertex: Way, front: Way, outline: Uint8Array): FrontCues {
  const lateral = (3 - vertex.axis - front.axis) as Axis;
  return {
    roughness: Math.log((surfaceRoughness(head, vertex, front, lateral) + 0.1) / (surfaceRoughness(head, vertex, opposite(front), lateral) + 0.1)),
    ...interiorCues(head, vertex, front, outline),
  };
}

export function opposite({ axis, sign }: Way): Way {
  return { axis, sign: sign === 1 ? -1 : 1 };
}

/** Voxels between tissue on both sides along both axes across the vertical one. */
export function outlineAcross({ mask }: Head, vertical: Axis): Uint8Array {
  const [a, b] = acrossOf(vertical);
  const first = between(mask, a);
  const second = between(mask, b);
  return first.map((set, o) => set & second[o]!);
}

function between(mask: BinaryMask, axis: Axis): Uint8Array {
  const { size, voxels } = mask;
  const filled = new Uint8Array(voxels.length);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [a, b] = acrossOf(axis);
  for (let q = 0; q < size[b]; q++) {
    for (let p = 0; p < size[a]; p++) {
      const start = p * strides[a] + q * strides[b];
      let first = 0;
      while (first < size[axis] && voxels[start + first * strides[axis]] === 0) first++;
      let last = size[axis] - 1;
      while (last > first && voxels[start + last * strides[axis]] === 0) last--;
      for (let n = first; n <= last && first < size[axis]; n++) filled[start + n * strides[axis]] = 1;
    }
  }
  return filled;
}

function depthFrom(head: Head, vertex: Way): { extent: number; of(index: number): number } {
  const { first, last } = rangeOf(profile(head, vertex.axis));
  return {
    extent: last - first + 1,
    of: (index) => (vertex.sign === 1 ? last - index : index - first),
  };
}

function interiorCues(
  head: Head,
  vertex: Way,
  front: Way,
  outline: Uint8Array,
): Pick<FrontCues, 'egg' | 'cavities'> {
  const { coarse, mask } = head;
  const depth = depthFrom(head, vertex);
  const half = Math.min(depth.extent, HEAD_MM / COARSE_MM) / 2;
  const length = rangeOf(profile(head, front.axis));
  const across = length.last - length.first + 1;
  const median = medianInside(head);
  // Per plane of the upper half: count, sum of places, and the outline's first and last place.
  const planes = new Map<number, { count: number; sum: number; first: number; last: number }>();
  let lowerCount = 0;
  let lowerSum = 0;
  let dark = 0;
  let darkSum = 0;
  visit(mask, (o, at) => {
    if (outline[o] === 0) return;
    const place = -front.sign * at[front.axis];
    const part = Math.floor(depth.of(at[vertex.axis]) / half);
    if (part === 0) {
      const plane = planes.get(at[vertex.axis]) ?? { count: 0, sum: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
      plane.count++;
      plane.sum += place;
      plane.first = Math.min(plane.first, place);
      plane.last = Math.max(plane.last, place);
      planes.set(at[vertex.axis], plane);
    } else if (part === 1) {
      const darkness = Math.max(0, median - coarse.values[o]!);
      lowerCount++;
      lowerSum += place;
      dark += darkness;
      darkSum += darkness * place;
    }
  });
  let egg = 0;
  let seen = 0;
  for (const { count, sum, first, last } of planes.values()) {
    if (count < 100) continue;
    egg += (sum / count - (first + last) / 2) / (last - first + 1);
    seen++;
  }
  return {
    egg: seen === 0 ? 0 : egg / seen,
    cavities: dark === 0 || lowerCount === 0 ? 0 : (lowerSum / lowerCount - darkSum / dark) / across,
  };
}

function medianInside({ coarse, mask }: Head): number {
  const inside = coarse.values.filter((_, o) => mask.voxels[o] === 1).sort();
  return inside[inside.length >> 1] ?? 0;
}

/** @returns mean deviation of the surface seen from that way, in voxels, from the quadric that fits it best */
function surfaceRoughness(head: Head, vertex: Way, from: Way, lateral: Axis): number {
  const { mask } = head;
  const strides = [1, mask.size[0], mask.size[0] * mask.size[1]] as const;
  const depth = depthFrom(head, vertex);
  const side = rangeOf(profile(head, lateral));
  const margin = Math.floor((side.last - side.first) / 4);
  const n = mask.size[from.axis];
  const points: [number, number, number][] = [];
  const below = Math.min(depth.extent, HEAD_MM / COARSE_MM);
  for (let v = 0; v < mask.size[vertex.axis]; v++) {
    const d = depth.of(v);
    if (d < END_MM / COARSE_MM || d >= below) continue;
    for (let l = side.first + margin; l < side.last - margin; l++) {
      const row = v * strides[vertex.axis] + l * strides[lateral];
      for (let step = 0; step < n; step++) {
        const index = from.sign === 1 ? n - 1 - step : step;
        if (mask.voxels[row + index * strides[from.axis]] === 0) continue;
        points.push([(l - side.first) / 20 - 1, (d - below / 2) / 20, step]);
        break;
      }
    }
  }
  return points.length < 50 ? 0 : quadricDeviation(points);
}

/** Least squares of z over 1, x, y, x², y², xy by the normal equations. */
function quadricDeviation(points: readonly (readonly [number, number, number])[]): number {
  const terms = (x: number, y: number): number[] => [1, x, y, x * x, y * y, x * y];
  const rows = Array.from({ length: 6 }, () => new Float64Array(7));
  for (const [x, y, z] of points) {
    const t = terms(x, y);
    for (let r = 0; r < 6; r++) {
      for (let c = 0; c < 6; c++) rows[r]![c]! += t[r]! * t[c]!;
      rows[r]![6]! += t[r]! * z;
    }
  }
  for (let r = 0; r < 6; r++) {
    rows[r]![r]! += 1e-9;
    for (let other = 0; other < 6; other++) {
      if (other === r) continue;
      const factor = rows[other]![r]! / rows[r]![r]!;
      for (let c = r; c < 7; c++) rows[other]![c]! -= factor * rows[r]![c]!;
    }
  }
  const fitted = rows.map((row, r) => row[6]! / row[r]!);
  const deviation = points.reduce((sum, [x, y, z]) => {
    const at = terms(x, y).reduce((total, t, r) => total + t * fitted[r]!, 0);
    return sum + Math.abs(z - at);
  }, 0);
  return deviation / points.length;
}

/** The other two axes. */
function acrossOf(axis: Axis): readonly [Axis, Axis] {
  return axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
}

function visit(mask: BinaryMask, each: (offset: number, at: readonly [number, number, number]) => void): void {
  const at: [number, number, number] = [0, 0, 0];
  let o = 0;
  for (let k = 0; k < mask.size[2]; k++) {
    for (let j = 0; j < mask.size[1]; j++) {
      for (let i = 0; i < mask.size[0]; i++) {
        at[0] = i;
        at[1] = j;
        at[2] = k;
        each(o++, at);
      }
    }
  }
}
