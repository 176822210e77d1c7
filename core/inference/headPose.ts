/**
 * Whether a head lies as its header says, told by its shape alone, for models that read heads. Looked at are: across which axis the
 * head is its own mirror image (left–right), which end is cut and hollow while the other is a closed cap (bottom and top), and which
 * side is rough and hollow (the face). A left–right mirror cannot be told: a mirrored head is as much a head. Careful rather than
 * keen: where the cues are weak or disagree, as in a brain without its skull or a thin slab, it says 'undecided'.
 */
import type { Volume } from '../volume/volume.ts';
import { type Axis, type CoarseHead, coarseHead, extentMm, opposite, profileOf, type Way } from './coarseHead.ts';
import { COARSE_MM } from './coarseVolume.ts';
import { endShare, headEnds } from './headEnds.ts';
import { frontCues } from './headFront.ts';
import { mirrorSymmetry } from './mirrorSymmetry.ts';

export type HeadPose =
  | 'as-stated'
  | 'upside-down'
  /** Left–right, front–back or top–bottom of the head lie along another axis than the header says. */
  | 'axes-exchanged'
  | 'back-to-front'
  /** Far larger than a head can be. */
  | 'not-a-head'
  /** Too little of a head is in the field of view, or the cues are weak. */
  | 'undecided';

/** Less of a head than this along an axis says nothing. */
const LEAST_MM = 90;
/** A field of view longer than this holds much more than a head. */
const LARGEST_MM = 600;
/** Half of the axial slices of a head, shoulders aside, are smaller than this; those of a trunk larger. */
const LARGEST_AREA_MM2 = 52_000;
/** Correlation with the mirror image across left–right, and how far it must lead the other axes: to believe the header, to doubt it. */
const BELIEVED = { least: 0.3, lead: 0.05 };
const DOUBTED = { least: 0.4, lead: 0.2 };
/** Of the largest area: from here on an end is a cut through the body; up to there it is a closed cap. */
const CUT_SHARE = 0.4;
const CAP_SHARE = 0.3;
/** Cues of top and bottom (headEnds.ts): clear, and clear even where the top is cut too. */
const CLEAR_CUT = 0.25;
const CLEAR_HOLLOW = 0.4;
const SURE_CUT = 0.4;
const SURE_HOLLOW = 1;

const UP: Way = { axis: 2, sign: 1 };
const DOWN = opposite(UP);
const FRONT: Way = { axis: 1, sign: -1 };
const BACK = opposite(FRONT);

export function headPose(volume: Volume): HeadPose {
  const { size, spacingMm } = volume.geometry;
  if (size.some((n, axis) => n * (spacingMm[axis] ?? 1) > LARGEST_MM)) return 'not-a-head';
  const head = coarseHead(volume);
  return head ? poseOf(head) : 'undecided';
}

export function poseOf(head: CoarseHead): HeadPose {
  if (medianAreaMm2(head) > LARGEST_AREA_MM2) return 'not-a-head';
  if (([0, 1, 2] as const).some((axis) => extentMm(head, axis) < LEAST_MM)) return 'undecided';
  const lateral = lateralAxis(head);
  if (lateral === null) return 'undecided';
  if (lateral !== 0) return 'axes-exchanged';
  const isCut = (way: Way): boolean => endShare(head, way) >= CUT_SHARE;
  const isCap = (way: Way): boolean => endShare(head, way) <= CAP_SHARE;

  if (isCap(UP) && isCap(DOWN)) {
    const isLying = [FRONT, BACK].some((vertex) => isCap(vertex) && isCut(opposite(vertex)) && leadsUp(head, vertex));
    return isLying ? 'axes-exchanged' : 'undecided';
  }
  if (leadsUp(head, DOWN)) return 'upside-down';
  if (!leadsUp(head, UP)) return 'undecided';
  // A slab that is cut in front and behind has no face to see.
  if (isCut(FRONT) && isCut(BACK)) return 'undecided';
  const { roughness, egg, hollow } = frontCues(head, UP, FRONT);
  const sum = within(roughness, 1.5) + within(egg / 0.02, 1.5) + within(hollow / 0.06, 1.5);
  if (sum <= -1.2 && roughness <= -0.3 && egg <= -0.004) return 'back-to-front';
  return sum >= 0.5 ? 'as-stated' : 'undecided';
}

/** Both cues must agree; where that way is no closed cap, strongly. */
function leadsUp(head: CoarseHead, vertex: Way): boolean {
  const { cut, hollow } = headEnds(head, vertex);
  if (cut >= SURE_CUT && hollow >= SURE_HOLLOW) return true;
  return endShare(head, vertex) <= CAP_SHARE && cut >= CLEAR_CUT && hollow >= CLEAR_HOLLOW;
}

/** @returns the axis across which values and shape are most alike their mirror images; null where the two disagree or none stands out */
function lateralAxis(head: CoarseHead): Axis | null {
  const axes = ([0, 1, 2] as const).map((axis) => ({ axis, ...mirrorSymmetry(head, axis) }));
  const [best, second] = [...axes].sort((a, b) => b.values - a.values);
  if (!best || !second) return null;
  const { least, lead } = best.axis === 0 ? BELIEVED : DOUBTED;
  if (best.values < least || best.values - second.values < lead) return null;
  return axes.every(({ shape }) => shape <= best.shape) ? best.axis : null;
}

/** Of the axial slices, as the header states them. */
function medianAreaMm2(head: CoarseHead): number {
  const areas = profileOf(head, 2).sort();
  return (areas[areas.length >> 1] ?? 0) * COARSE_MM ** 2;
}

function within(x: number, most: number): number {
  return Math.min(most, Math.max(-most, x));
}
