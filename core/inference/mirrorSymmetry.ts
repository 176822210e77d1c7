/** How much a head is its own mirror image across an axis: high across left–right, low across the others. */
import { type Axis, acrossOf, type CoarseHead, profileOf, stridesOf } from './coarseHead.ts';
import { COARSE_MM } from './coarseVolume.ts';

/** How far the mirror may lie from the centre of the tissue. */
const SEARCH_MM = 12;

export interface MirrorSymmetry {
  /** Correlation of the values with those of the mirror image, at the best place of the mirror; 1 = the same. */
  readonly values: number;
  /** Dice of the tissue with its mirror image. */
  readonly shape: number;
}

export function mirrorSymmetry(head: CoarseHead, axis: Axis): MirrorSymmetry {
  const counts = profileOf(head, axis);
  const inside = counts.reduce((sum, n) => sum + n, 0);
  const centre = counts.reduce((sum, n, index) => sum + n * index, 0) / inside;
  const reach = Math.round((2 * SEARCH_MM) / COARSE_MM);
  const planes = planesAcross(head, axis);
  let values = -1;
  let shape = 0;
  for (let shift = -reach; shift <= reach; shift++) {
    const sum = Math.round(2 * centre) + shift;
    const pairs: [Float32Array, Float32Array][] = [];
    for (let n = Math.max(0, sum - counts.length + 1); 2 * n <= sum; n++) {
      const [a, b] = [planes[n], planes[sum - n]];
      if (a && b) pairs.push([a, b]);
    }
    const at = pairedSymmetry(pairs, inside);
    values = Math.max(values, at.values);
    shape = Math.max(shape, at.shape);
  }
  return { values, shape };
}

/** Values above the air around; 0 where there is no tissue. */
function planesAcross(head: CoarseHead, axis: Axis): Float32Array[] {
  const { size, values, tissue } = head;
  const air = airLevel(head);
  const strides = stridesOf(head);
  const [a, b] = acrossOf(axis);
  return Array.from({ length: size[axis] }, (_, n) => {
    const plane = new Float32Array(size[a] * size[b]);
    let at = 0;
    for (let q = 0; q < size[b]; q++) {
      for (let p = 0; p < size[a]; p++, at++) {
        const o = n * strides[axis] + p * strides[a] + q * strides[b];
        if (tissue[o] === 1) plane[at] = values[o]! - air;
      }
    }
    return plane;
  });
}

function airLevel({ values, tissue }: CoarseHead): number {
  let sum = 0;
  let count = 0;
  for (let o = 0; o < values.length; o++) {
    if (tissue[o] === 1) continue;
    sum += values[o]!;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** Each pair is taken both ways. Says nothing (−1 and 0) where most of the head has no partner. */
function pairedSymmetry(pairs: readonly [Float32Array, Float32Array][], inside: number): MirrorSymmetry {
  let one = 0;
  let both = 0;
  let sum = 0;
  let squares = 0;
  let products = 0;
  for (const [left, right] of pairs) {
    for (let n = 0; n < left.length; n++) {
      const a = left[n]!;
      const b = right[n]!;
      if (a === 0 && b === 0) continue;
      if (a === 0 || b === 0) one++;
      else both++;
      sum += a + b;
      squares += a * a + b * b;
      products += 2 * a * b;
    }
  }
  const count = 2 * (one + both);
  const spread = squares - (sum * sum) / count;
  if (count < 0.5 * inside || !(spread > 0)) return { values: -1, shape: 0 };
  return { values: (products - (sum * sum) / count) / spread, shape: (2 * both) / (2 * both + one) };
}
