/**
 * Occlusion saliency of one segment, planned from geometry alone: which windows show the segment, which cells around it will be hidden,
 * how many times the network will be run at most. Cells form a lattice of cubes of the patch's size; hiding begins with blocks of 2^level
 * cells along each axis and goes down to single cells where much changes. All indices: voxels of the network's grid.
 * Next: occlude.ts, which carries it out. @see Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014
 */
import { LanternError } from '../../errors/lanternError.ts';
import type { Vector3 } from '../../geometry/points.ts';
import type { IndexBox } from '../../segmentation/labelmap.ts';
import { boxSize } from '../cropToStructure.ts';
import type { GeometryTrace } from '../geometryTrace.ts';
import type { ModelManifest } from '../modelManifest.ts';
import { planTiling, type Tiling } from '../tiling.ts';
import type { TargetOnGrid } from './targetOnGrid.ts';

export interface OcclusionPlan {
  readonly grid: Vector3;
  /** The windows that are asked, each of `windowSize`. */
  readonly starts: readonly Vector3[];
  readonly windowSize: Vector3;
  readonly weights: Tiling['weights'];
  /** Slices on each side that a window of a network of two dimensions reads too. */
  readonly neighbours: number;
  readonly patchMm: number;
  /** Edges of a cell, voxels. */
  readonly cell: Vector3;
  /** How far the hiding fades out beyond a cell, voxels. */
  readonly fade: Vector3;
  /** What is looked at: the segment and a patch around it, as far as the series reaches. */
  readonly explored: IndexBox;
  /** Cells along each axis; the last ones may be cut by the end of `explored`. */
  readonly lattice: Vector3;
  /** Hiding begins with blocks of 2^level cells. */
  readonly firstLevel: number;
  /** Most runs of the network, the unhidden ones included. */
  readonly mostRuns: number;
}

export interface OcclusionWish {
  /** Edge of the smallest patch; default: the smallest whose first pass takes less than half of the runs. */
  readonly patchMm?: number | undefined;
  /** Most runs of the network. */
  readonly mostRuns?: number | undefined;
}

/** A segment that needs several windows costs as much more. */
const MOST_RUNS = 60;
const MOST_LOOKS = 12;
/** Of the runs, for the first pass. */
const FIRST_SHARE = 0.45;
const PATCHES_MM = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200];

/** @throws argument/patch, argument/runs */
export function planOcclusion(
  manifest: Pick<ModelManifest, 'input' | 'window'>,
  { grid, spacingMm }: GeometryTrace,
  target: TargetOnGrid,
  wish: OcclusionWish = {},
): OcclusionPlan {
  const { input, window } = manifest;
  const { size: windowSize, weights } = planTiling(grid, window, input.dimensions);
  const starts = windowsOver(target.box, windowSize, grid);
  const mostRuns = wish.mostRuns ?? Math.max(MOST_RUNS, MOST_LOOKS * starts.length);
  if (!Number.isInteger(mostRuns) || mostRuns < 2 * starts.length || mostRuns > 100_000) throw badRuns(starts.length);
  const least = Math.max(...spacingMm.slice(0, input.dimensions === 2 ? 2 : 3));
  if (wish.patchMm !== undefined && !(wish.patchMm >= least && wish.patchMm <= 1000)) throw badPatch(least);

  const neighbours = input.neighbours ?? 0;
  const fixed = { grid, starts, windowSize, weights, neighbours, mostRuns };
  const room = Math.max(FIRST_SHARE * mostRuns, 2 * starts.length);
  const sizes = wish.patchMm !== undefined ? [wish.patchMm] : PATCHES_MM.filter((mm) => mm >= least);
  for (const patchMm of sizes) {
    const cells = latticeOf(patchMm, spacingMm, target);
    const most = Math.ceil(Math.log2(Math.max(...cells.lattice)));
    // A patch that nobody asked for must be reached after one halving at most.
    const last = wish.patchMm === undefined ? Math.min(1, most) : most;
    for (let firstLevel = 0; firstLevel <= last; firstLevel++) {
      const plan = { ...fixed, ...cells, firstLevel };
      if (starts.length + firstPassRuns(plan) <= room) return plan;
    }
  }
  const cells = latticeOf(sizes.at(-1) ?? least, spacingMm, target);
  return { ...fixed, ...cells, firstLevel: Math.ceil(Math.log2(Math.max(...cells.lattice))) };
}

/** @param at of a block of 2^level cells @returns its voxels */
export function blockBox(
  { explored, cell }: Pick<OcclusionPlan, 'explored' | 'cell'>,
  at: Vector3,
  level: number,
): IndexBox {
  const low = (a: 0 | 1 | 2): number => explored.min[a] + at[a] * cell[a] * 2 ** level;
  const high = (a: 0 | 1 | 2): number => Math.min(explored.max[a], low(a) + cell[a] * 2 ** level - 1);
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
}

/** Blocks along each axis. */
export function blocksAlong(lattice: Vector3, level: number): Vector3 {
  return lattice.map((n) => Math.ceil(n / 2 ** level)) as unknown as Vector3;
}

/** @returns indices of the windows that see something of what is hidden in the box, its fading edge included */
export function windowsThatSee(plan: Omit<OcclusionPlan, 'firstLevel' | 'patchMm'>, { min, max }: IndexBox): number[] {
  const { starts, windowSize, fade, neighbours } = plan;
  return starts.flatMap((start, n) => {
    const sees = ([0, 1, 2] as const).every((a) => {
      const more = fade[a] + (a === 2 ? neighbours : 0);
      return max[a] + more >= start[a] && min[a] - more < start[a] + windowSize[a];
    });
    return sees ? [n] : [];
  });
}

function firstPassRuns(plan: OcclusionPlan): number {
  const [bi, bj, bk] = blocksAlong(plan.lattice, plan.firstLevel);
  let runs = 0;
  for (let k = 0; k < bk; k++) {
    for (let j = 0; j < bj; j++) {
      for (let i = 0; i < bi; i++) runs += windowsThatSee(plan, blockBox(plan, [i, j, k], plan.firstLevel)).length;
      if (runs > plan.mostRuns) return runs;
    }
  }
  return runs;
}

function latticeOf(
  patchMm: number,
  spacingMm: Vector3,
  { box, filled }: TargetOnGrid,
): Pick<OcclusionPlan, 'patchMm' | 'cell' | 'fade' | 'explored' | 'lattice'> {
  const cell = spacingMm.map((mm) => Math.max(1, Math.round(patchMm / mm))) as unknown as Vector3;
  const fade = cell.map((n) => Math.max(1, Math.round(n / 4))) as unknown as Vector3;
  const low = (a: 0 | 1 | 2): number => Math.max(filled.min[a], box.min[a] - cell[a]);
  const high = (a: 0 | 1 | 2): number => Math.min(filled.max[a], box.max[a] + cell[a]);
  const explored: IndexBox = { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
  const lattice = boxSize(explored).map((n, a) => Math.ceil(n / cell[a as 0 | 1 | 2])) as unknown as Vector3;
  return { patchMm, cell, fade, explored, lattice };
}

/** One window with the box in its middle where it fits, else as few as cover the box, evenly spread; all inside of the grid. */
function windowsOver({ min, max }: IndexBox, size: Vector3, grid: Vector3): Vector3[] {
  const along = (a: 0 | 1 | 2): number[] => {
    const extent = max[a] - min[a] + 1;
    const count = Math.ceil(extent / size[a]);
    const first = count === 1 ? min[a] - Math.floor((size[a] - extent) / 2) : min[a];
    const room = extent - size[a];
    return Array.from({ length: count }, (_, n) => {
      const start = count === 1 ? first : first + Math.round((n * room) / (count - 1));
      return Math.min(Math.max(0, start), grid[a] - size[a]);
    });
  };
  return along(2).flatMap((k) => along(1).flatMap((j) => along(0).map((i): Vector3 => [i, j, k])));
}

function badPatch(leastMm: number): LanternError {
  return new LanternError(
    'argument/patch',
    `A patch must be at least as large as a voxel of the network’s grid, ${Number(leastMm.toFixed(2))} mm, and at most 1000 mm.`,
    'Give the edge of the patch in millimetres, or leave it out.',
  );
}

function badRuns(windows: number): LanternError {
  return new LanternError(
    'argument/runs',
    `The network needs ${windows} ${windows === 1 ? 'run' : 'runs'} to see this segment, so at least ${2 * windows} and at most 100000 must be allowed.`,
    'Allow more runs, or leave it out.',
  );
}
