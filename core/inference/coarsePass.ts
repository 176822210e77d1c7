/**
 * A cheap look at the whole volume before the full run: the same network on a coarser grid, its windows side by side. Its labels lie on
 * a grid of their own along the series' axes, of no more voxels than the network saw; they are shown and never kept. LPS, millimetres.
 * Next: runModel.ts, which does both; coarseLabels.ts, what becomes of the labels.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import { type Axis, byAxis } from './axes.ts';
import { geometryTrace } from './geometryTrace.ts';
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
/** Of the voxels that go through the network in the full run: half of the tenth of the time, for what else it takes. */
const MOST_SHARE = 0.05;

/** Voxels: sizes that networks of four and of five halvings take. */
const WINDOW_STEPS = [16, 32];

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

/**
 * The look through windows that are no larger than its grid where that is smaller along an axis: what would be added to it around is not
 * computed, and does not weigh in a norm over the window. For networks that take such windows.
 * @returns the smallest first; empty where nothing is saved
 */
export function fittedPlans({ manifest, ...plan }: CoarsePlan): CoarsePlan[] {
  const { input, window } = manifest;
  const { size } = window;
  if (!size || input.dimensions === 2) return [];
  const { grid } = geometryTrace({ input, window: { ...window, size: null } }, plan.geometry);
  return WINDOW_STEPS.filter((step) => step % input.multipleOf === 0).flatMap((step) => {
    const fitted = byAxis((axis) => Math.min(size[axis], Math.ceil(grid[axis] / step) * step));
    const saves = fitted.some((n, axis) => n < size[axis as Axis]);
    return saves ? [{ ...plan, manifest: { ...manifest, window: { ...window, size: fitted } } }] : [];
  });
}

/** @returns labels on the plan's grid @throws what runModel throws */
export async function coarsePass(
  volume: Volume,
  { geometry, manifest }: CoarsePlan,
  { runWindow, decideWindow, progress }: Pick<RunHooks, 'runWindow' | 'decideWindow' | 'progress'>,
  companions: readonly Volume[] = [],
): Promise<Labelmap> {
  const record = resampleRecord(volume.geometry, geometry.spacingMm);
  const fewer = record ? resampleVolume(volume, record) : volume;
  // These alone: the labels are no part of the mask that a caller may be handed while it grows.
  const hooks = { runWindow, progress, ...(decideWindow && { decideWindow }) };
  return (await runModel(fewer, manifest, hooks, { companions })).labelmap;
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
