/**
 * Which end of a head is the top. The body goes on below, so that end is cut by the field of view or runs out into a neck, while the
 * vertex is a closed cap; and the hollows (nose, sinuses, throat, skull base) lie in the lower half.
 */
import { type Axis, acrossOf, type CoarseHead, opposite, outlineAcross, stridesOf, type Way } from './coarseHead.ts';
import { COARSE_MM } from './coarseVolume.ts';

/** An end is judged over this length. */
const END_MM = 12;
/** Tangents of −24°, −12°, 0°, 12°, 24°. */
const TILTS = [-0.45, -0.21, 0, 0.21, 0.45];
/** From the vertex to below the nose; lower down lies the neck. */
export const HEAD_MM = 176;

export interface Ends {
  /** How much more the lower end is cut than the upper one: difference of {@link endShare}, −1 … 1. */
  readonly cut: number;
  /** Logarithm of how many times more of the lower half is hollow. */
  readonly hollow: number;
}

/** @param up the way in which the vertex may lie @returns both above 0 where it does, below 0 where the neck lies there */
export function headEnds(head: CoarseHead, up: Way): Ends {
  const { upper, lower } = hollows(head, up);
  return {
    cut: endShare(head, opposite(up)) - endShare(head, up),
    hollow: Math.log((lower + 0.01) / (upper + 0.01)),
  };
}

/**
 * @returns mean area over the last millimetres that way, as a share of the largest area across: near 0 for a cap, near 1 for a cut. The
 *   largest over planes that are tilted towards the face or the back: a series that was turned onto another grid is cut aslant.
 */
export function endShare(head: CoarseHead, { axis, sign }: Way): number {
  const shares = TILTS.map((tilt) => {
    const counts = tiltedProfile(head, axis, tilt);
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    const planes = Math.min(counts.length, END_MM / COARSE_MM);
    const end = sign === 1 ? counts.slice(counts.length - planes) : counts.slice(0, planes);
    return end.reduce((sum, n) => sum + n, 0) / planes / most;
  });
  return Math.max(...shares);
}

/** As profileOf, in planes that rise by `tilt` planes a voxel along the other axis of the sagittal plane; without empty planes at the ends. */
function tiltedProfile(head: CoarseHead, axis: Axis, tilt: number): readonly number[] {
  const { size, tissue } = head;
  const strides = stridesOf(head);
  const along: Axis = axis === 2 ? 1 : 2;
  const lateral = (3 - axis - along) as Axis;
  const lift = Math.ceil(Math.abs(tilt) * size[along]);
  const counts = new Array<number>(size[axis] + 2 * lift).fill(0);
  for (let p = 0; p < size[along]; p++) {
    const shift = lift + Math.round(tilt * (p - size[along] / 2));
    for (let n = 0; n < size[axis]; n++) {
      const row = n * strides[axis] + p * strides[along];
      for (let l = 0; l < size[lateral]; l++) counts[n + shift]! += tissue[row + l * strides[lateral]]!;
    }
  }
  return counts.slice(
    counts.findIndex((n) => n > 0),
    counts.findLastIndex((n) => n > 0) + 1,
  );
}

/** @returns share of the outline that is no tissue, in the half near the vertex and in the half below it */
function hollows(head: CoarseHead, up: Way): { upper: number; lower: number } {
  const { tissue } = head;
  const outline = outlineAcross(head, up.axis);
  const half = headPlanes(head, up.axis) / 2;
  const inside: [number, number] = [0, 0];
  const empty: [number, number] = [0, 0];
  eachPlaneFrom(head, up, (depth, offsets) => {
    const part = Math.floor(depth / half);
    if (part !== 0 && part !== 1) return;
    for (const o of offsets) {
      inside[part] += outline[o]!;
      empty[part] += outline[o]! & (1 - tissue[o]!);
    }
  });
  return { upper: empty[0] / Math.max(1, inside[0]), lower: empty[1] / Math.max(1, inside[1]) };
}

/** @returns how many planes from the vertex on are head and not neck */
export function headPlanes({ size }: CoarseHead, vertical: Axis): number {
  return Math.min(size[vertical], HEAD_MM / COARSE_MM);
}

/** Calls back for each plane, from the outermost that way inwards, with its voxels' offsets (an array that is used again). */
function eachPlaneFrom(
  head: CoarseHead,
  { axis, sign }: Way,
  visit: (depth: number, offsets: Int32Array) => void,
): void {
  const strides = stridesOf(head);
  const [a, b] = acrossOf(axis);
  const offsets = new Int32Array(head.size[a] * head.size[b]);
  for (let depth = 0; depth < head.size[axis]; depth++) {
    const plane = (sign === 1 ? head.size[axis] - 1 - depth : depth) * strides[axis];
    let n = 0;
    for (let q = 0; q < head.size[b]; q++) {
      for (let p = 0; p < head.size[a]; p++) offsets[n++] = plane + p * strides[a] + q * strides[b];
    }
    visit(depth, offsets);
  }
}
