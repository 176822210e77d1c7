/**
 * Where a reader should look first: the few places of a result that hold the most doubt. Every border between two classes is a thin
 * shell of doubt, so a place needs doubt that is thick (high on average over 3 × 3 × 3 voxels too); and no place reaches farther than
 * a radius, so that the surface of an organ never becomes one. Next: measureDoubt.ts (what doubt is), DoubtBlocks.ts.
 */
import { indexPoint, type Vector3, type WorldPoint } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry, voxelVolumeMm3 } from '../geometry/volumeGeometry.ts';
import { DoubtBlocks } from './DoubtBlocks.ts';
import { areExclusive, DOUBT_STEPS } from './measureDoubt.ts';
import type { ModelClass, ModelOutput } from './modelManifest.ts';
import { PartsOfDoubt } from './PartsOfDoubt.ts';

export interface PlaceOfDoubt {
  /** A voxel of the place, near its weighted middle. */
  readonly centreLps: WorldPoint;
  /** Sum of doubt × voxel volume, ml. */
  readonly doubtMl: number;
  /** Largest doubt in it, 0 … 1. */
  readonly peak: number;
  readonly voxels: number;
  /** The one or two commonest classes there, the commonest first; value 0 is the background. */
  readonly classes: readonly { readonly value: number; readonly name: string }[];
}

export interface DoubtfulResult {
  readonly geometry: VolumeGeometry;
  readonly labels: Uint8Array | Uint16Array;
  /** One byte a voxel, as measureDoubt writes it. */
  readonly doubt: Uint8Array;
  readonly classes: readonly ModelClass[];
  readonly output: ModelOutput;
}

/** A place reaches this far from its seed. */
const RADIUS_MM = 9;
const MOST_PLACES = 20;
/** Fewer voxels are noise. */
const LEAST_VOXELS = 4;
/** Entropy of the probabilities 0.8 and 0.2, in nats: below it a voxel is not looked at. */
const LEAST_ENTROPY = 0.5004;

/** @returns at most 20 places, by volume of doubt, the largest first */
export function placesOfDoubt(result: DoubtfulResult): PlaceOfDoubt[] {
  const { geometry, doubt, classes, output } = result;
  const scale = areExclusive(output, classes) ? Math.log(classes.length) : Math.LN2;
  const parts = new PartsOfDoubt(geometry.size, doubt, (DOUBT_STEPS * LEAST_ENTROPY) / scale);
  const blocks = new DoubtBlocks(geometry, doubt, parts, (2 / 3) * RADIUS_MM);
  const places: PlaceOfDoubt[] = [];
  // Crumbs are taken out too, so that the loop ends.
  for (let tries = 0; places.length < MOST_PLACES && tries < 5 * MOST_PLACES; tries++) {
    const seed = blocks.seed();
    if (seed === null) break;
    const region = takeRegion(geometry, parts, seed);
    blocks.remove(region);
    if (region.length >= LEAST_VOXELS) places.push(placeOf(region, result));
  }
  return places.sort((a, b) => b.doubtMl - a.doubtMl);
}

/** The parts that hang together with the seed (26 neighbours) within the radius; they are parts no longer. */
function takeRegion({ size, spacingMm }: VolumeGeometry, parts: PartsOfDoubt, seed: number): number[] {
  const [ni, nj, nk] = size;
  const at = (n: number): Vector3 => [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))];
  const centre = at(seed);
  const isNear = (i: number, j: number, k: number): boolean =>
    ((i - centre[0]) * spacingMm[0]) ** 2 +
      ((j - centre[1]) * spacingMm[1]) ** 2 +
      ((k - centre[2]) * spacingMm[2]) ** 2 <=
    RADIUS_MM ** 2;
  const region = [seed];
  parts.take(seed);
  for (let next = 0; next < region.length; next++) {
    const [i, j, k] = at(region[next]!);
    for (let kk = Math.max(0, k - 1); kk <= Math.min(nk - 1, k + 1); kk++) {
      for (let jj = Math.max(0, j - 1); jj <= Math.min(nj - 1, j + 1); jj++) {
        for (let ii = Math.max(0, i - 1); ii <= Math.min(ni - 1, i + 1); ii++) {
          const n = ii + ni * (jj + nj * kk);
          if (!parts.has(n) || !isNear(ii, jj, kk)) continue;
          parts.take(n);
          region.push(n);
        }
      }
    }
  }
  return region;
}

function placeOf(region: readonly number[], result: DoubtfulResult): PlaceOfDoubt {
  const { geometry, doubt } = result;
  const [ni, nj] = geometry.size;
  const at = (n: number): Vector3 => [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))];
  let sum = 0;
  let peak = 0;
  const middle = [0, 0, 0];
  for (const n of region) {
    const weight = doubt[n]!;
    sum += weight;
    peak = Math.max(peak, weight);
    for (const [axis, x] of at(n).entries()) middle[axis]! += weight * x;
  }
  const distance = (n: number): number =>
    at(n).reduce((d, x, axis) => d + ((x - middle[axis]! / sum) * geometry.spacingMm[axis as 0 | 1 | 2]) ** 2, 0);
  const nearest = region.reduce((best, n) => (distance(n) < distance(best) ? n : best));
  return {
    centreLps: indexToWorld(geometry, indexPoint(...at(nearest))),
    doubtMl: ((sum / DOUBT_STEPS) * voxelVolumeMm3(geometry)) / 1000,
    peak: peak / DOUBT_STEPS,
    voxels: region.length,
    classes: classesIn(region, result),
  };
}

/** Of the region; where it holds one class alone, of its surroundings too. */
function classesIn(region: readonly number[], { labels, geometry, classes }: DoubtfulResult): PlaceOfDoubt['classes'] {
  const [ni, nj] = geometry.size;
  const counts = new Map<number, number>();
  const count = (n: number): void => {
    const label = labels[n];
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  };
  for (const n of region) count(n);
  if (counts.size === 1)
    for (const n of region) for (const d of [1, ni, ni * nj]) for (const s of [-d, d]) count(n + s);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, 2)
    .map(([value]) => ({ value, name: classes.find((c) => c.value === value)?.name ?? 'Background' }));
}
