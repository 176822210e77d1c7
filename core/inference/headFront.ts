/**
 * On which side of an upright head the face is: rougher than the back of the head, hollow, and narrower above. Each cue is above 0
 * where the face looks the way that is asked about.
 */
import { type Axis, type CoarseHead, opposite, outlineAcross, stridesOf, type Way } from './coarseHead.ts';
import { COARSE_MM } from './coarseVolume.ts';
import { headPlanes } from './headEnds.ts';
import { quadricDeviation } from './quadricDeviation.ts';

/** The flat top says nothing of front and back. */
const TOP_MM = 12;
/** A plane with less of a head in it says nothing of its form. */
const LEAST_PLANE = 100;

export interface FrontCues {
  /** Logarithm of how many times rougher the front's surface is than the back's. */
  readonly roughness: number;
  /** How far the upper half's centre of area lies behind the middle of its length, as a share of the length. */
  readonly egg: number;
  /** How far what is dark inside of the lower half lies before the middle of that half, as a share of the length. */
  readonly hollow: number;
}

/** @param up the way to the vertex @param front the way that the face may look */
export function frontCues(head: CoarseHead, up: Way, front: Way): FrontCues {
  const lateral = (3 - up.axis - front.axis) as Axis;
  const rough = (from: Way): number => 0.1 + surfaceRoughness(head, up, from, lateral);
  return { roughness: Math.log(rough(front) / rough(opposite(front))), ...inside(head, up, front, lateral) };
}

function inside(head: CoarseHead, up: Way, front: Way, lateral: Axis): Pick<FrontCues, 'egg' | 'hollow'> {
  const { size, values } = head;
  const strides = stridesOf(head);
  const outline = outlineAcross(head, up.axis);
  const half = headPlanes(head, up.axis) / 2;
  const bright = medianOfTissue(head);
  const length = size[front.axis];
  const eggs: number[] = [];
  const lower = { count: 0, sum: 0, dark: 0, darkSum: 0 };
  for (let depth = 0; depth < Math.floor(2 * half); depth++) {
    const plane = (up.sign === 1 ? size[up.axis] - 1 - depth : depth) * strides[up.axis];
    const upper = { count: 0, sum: 0, first: length, last: -1 };
    for (let place = 0; place < length; place++) {
      // Places are counted from the front.
      const row = plane + (front.sign === 1 ? length - 1 - place : place) * strides[front.axis];
      for (let l = 0; l < size[lateral]; l++) {
        const o = row + l * strides[lateral];
        if (outline[o] === 0) continue;
        if (depth < half) {
          upper.count++;
          upper.sum += place;
          upper.first = Math.min(upper.first, place);
          upper.last = place;
        } else {
          const darkness = Math.max(0, bright - values[o]!);
          lower.count++;
          lower.sum += place;
          lower.dark += darkness;
          lower.darkSum += darkness * place;
        }
      }
    }
    if (upper.count < LEAST_PLANE) continue;
    eggs.push((upper.sum / upper.count - (upper.first + upper.last) / 2) / (upper.last - upper.first + 1));
  }
  return {
    egg: eggs.reduce((sum, x) => sum + x, 0) / Math.max(1, eggs.length),
    hollow: lower.dark > 0 ? (lower.sum / lower.count - lower.darkSum / lower.dark) / length : 0,
  };
}

function medianOfTissue({ values, tissue }: CoarseHead): number {
  const inTissue = new Float32Array(values.length);
  let count = 0;
  for (let o = 0; o < values.length; o++) if (tissue[o] === 1) inTissue[count++] = values[o]!;
  return inTissue.subarray(0, count).sort()[count >> 1] ?? 0;
}

/** @returns mean deviation, in voxels, of the surface seen from that way from the smooth one that fits it best; the middle half of its width */
function surfaceRoughness(head: CoarseHead, up: Way, from: Way, lateral: Axis): number {
  const { size, tissue } = head;
  const strides = stridesOf(head);
  const margin = Math.floor(size[lateral] / 4);
  const planes = headPlanes(head, up.axis);
  const points: [number, number, number][] = [];
  for (let depth = TOP_MM / COARSE_MM; depth < planes; depth++) {
    const plane = (up.sign === 1 ? size[up.axis] - 1 - depth : depth) * strides[up.axis];
    for (let l = margin; l < size[lateral] - margin; l++) {
      const row = plane + l * strides[lateral];
      for (let step = 0; step < size[from.axis]; step++) {
        const index = from.sign === 1 ? size[from.axis] - 1 - step : step;
        if (tissue[row + index * strides[from.axis]] === 0) continue;
        points.push([l / size[lateral] - 0.5, depth / planes - 0.5, step]);
        break;
      }
    }
  }
  return quadricDeviation(points);
}
