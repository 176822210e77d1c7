/**
 * A cheap look at the whole volume before the full run: the same network on a coarser grid, its windows side by side. Its labels lie on
 * a grid of their own along the series' axes, of no more voxels than the network saw; they are shown and never kept. LPS, millimetres.
 * Next: runModel.ts, which does both.
 */
import type { Vector3 } from '../geometry/points.ts';
import { type VolumeGeometry, voxelCount } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientRecord } from './orient.ts';
import { resampledGeometry, resampleRecord, resampleVolume } from './resample.ts';
import { type RunHooks, runModel } from './runModel.ts';
import { runPlan } from './runPlan.ts';

export interface CoarsePlan {
  /** How much coarser than the network's own spacing. */
  readonly factor: number;
  /** The series with fewer voxels: where the labels lie. Coarser than the series or equal to it along each axis. */
  readonly geometry: VolumeGeometry;
  /** The network's, with the coarser spacing. */
  readonly manifest: ModelManifest;
}

/** The finest that is cheap enough is taken. */
const FACTORS = [1.5, 2, 2.5, 3, 4];
/** Of the voxels that go through the network in the full run: a fifth below the tenth of the time, for what else it takes. */
const MOST_SHARE = 0.08;

/** @returns null where no coarser grid would be cheap enough, or the network's answer is no mask */
export function coarsePlan(manifest: ModelManifest, geometry: VolumeGeometry): CoarsePlan | null {
  if (manifest.output.kind !== 'semantic') return null;
  const full = runPlan(manifest, geometry).networkVoxels;
  for (const factor of FACTORS) {
    const plan = planFor(manifest, geometry, factor);
    if (runPlan(plan.manifest, plan.geometry).networkVoxels <= MOST_SHARE * full) return plan;
  }
  return null;
}

/** @returns labels on the plan's grid @throws what runModel throws */
export async function coarsePass(
  volume: Volume,
  { geometry, manifest }: CoarsePlan,
  hooks: Pick<RunHooks, 'runWindow' | 'decideWindow' | 'progress'>,
  companions: readonly Volume[] = [],
): Promise<Labelmap> {
  const record = resampleRecord(volume.geometry, geometry.spacingMm);
  const fewer = record ? resampleVolume(volume, record) : volume;
  return (await runModel(fewer, manifest, hooks, { companions })).labelmap;
}

/**
 * The coarse labels voxel by voxel on the series' grid: each takes those of the coarse voxel that it lies in.
 * @param coarse of the plan's geometry
 */
export function spreadLabels(coarse: Labelmap, geometry: VolumeGeometry, coarseSpacingMm: Vector3): Labelmap {
  const [alongI, alongJ, alongK] = nearestIndices(geometry, coarseSpacingMm, coarse.size);
  const [ni, nj, nk] = geometry.size;
  const Type = coarse.voxels instanceof Uint16Array ? Uint16Array : Uint8Array;
  const voxels = new Type(voxelCount(geometry));
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = coarse.size[0] * (alongJ[j]! + coarse.size[1] * alongK[k]!);
      for (let i = 0; i < ni; i++) voxels[n++] = coarse.voxels[row + alongI[i]!]!;
    }
  }
  return { size: geometry.size, voxels };
}

/**
 * How well a coarse look foretold the full result.
 * @returns mean over the labels above 0 that either holds of Dice, 0 … 1, at the voxels of the series; null where neither holds any
 */
export function coarseAgreement(
  coarse: Labelmap,
  full: Labelmap,
  geometry: VolumeGeometry,
  coarseSpacingMm: Vector3,
): number | null {
  const [alongI, alongJ, alongK] = nearestIndices(geometry, coarseSpacingMm, coarse.size);
  const [ni, nj, nk] = geometry.size;
  const both = new Float64Array(65_536);
  const sum = new Float64Array(65_536);
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = coarse.size[0] * (alongJ[j]! + coarse.size[1] * alongK[k]!);
      for (let i = 0; i < ni; i++, n++) {
        const a = coarse.voxels[row + alongI[i]!]!;
        const b = full.voxels[n]!;
        sum[a]!++;
        sum[b]!++;
        if (a === b) both[a]!++;
      }
    }
  }
  const dice = [...sum.keys()].slice(1).flatMap((label) => (sum[label] ? [(2 * both[label]!) / sum[label]] : []));
  return dice.length === 0 ? null : dice.reduce((total, one) => total + one, 0) / dice.length;
}

function planFor(manifest: ModelManifest, geometry: VolumeGeometry, factor: number): CoarsePlan {
  const { input, window } = manifest;
  const { axes } = orientRecord(geometry, input.orientation);
  const along = (axis: 0 | 1 | 2): number => factor * (input.spacingMm?.[axis] ?? geometry.spacingMm[axes[axis]]);
  const spacingMm: Vector3 = [along(0), along(1), along(2)];
  const ownSpacing: [number, number, number] = [...geometry.spacingMm];
  for (const [a, axis] of axes.entries()) ownSpacing[axis] = Math.max(ownSpacing[axis], spacingMm[a as 0 | 1 | 2]);
  const record = resampleRecord(geometry, ownSpacing);
  const isFlat = input.dimensions === 2;
  const shrunk = (axis: 0 | 1 | 2): number => {
    const of = input.grid?.[axis] ?? 1;
    if (isFlat && axis === 2) return of;
    const least = Math.max(window.size?.[axis] ?? 1, of / factor);
    return Math.min(of, Math.ceil(least / input.multipleOf) * input.multipleOf);
  };
  return {
    factor,
    geometry: record ? resampledGeometry(geometry, record) : geometry,
    manifest: {
      ...manifest,
      input: { ...input, spacingMm, grid: input.grid && [shrunk(0), shrunk(1), shrunk(2)] },
      window: { ...window, overlap: 0 },
    },
  };
}

/** By index of the series, along each axis. */
function nearestIndices(
  { size, spacingMm }: Pick<VolumeGeometry, 'size' | 'spacingMm'>,
  coarseSpacingMm: Vector3,
  coarseSize: Vector3,
): readonly [Int32Array, Int32Array, Int32Array] {
  const along = (axis: 0 | 1 | 2): Int32Array =>
    Int32Array.from({ length: size[axis] }, (_, index) => {
      const ratio = spacingMm[axis] / coarseSpacingMm[axis];
      const at = (index - (size[axis] - 1) / 2) * ratio + (coarseSize[axis] - 1) / 2;
      return Math.min(Math.max(Math.round(at), 0), coarseSize[axis] - 1);
    });
  return [along(0), along(1), along(2)];
}
