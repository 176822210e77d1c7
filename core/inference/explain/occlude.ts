/**
 * Carries an occlusion plan out: hides one block after the other and asks the network each time how much of the segment is left. What is
 * measured is the segment's probability mass: the sum, over the segment's voxels, of the probability that the network gives to its class
 * (where windows overlap, the weighted mean of their probabilities). Knows nothing of the runtime. Next: saliencyMap.ts.
 */
import { LanternError } from '../../errors/lanternError.ts';
import type { Vector3 } from '../../geometry/points.ts';
import { activate } from '../activate.ts';
import { boxSize } from '../cropToStructure.ts';
import { cutWindow, reusedMemory } from '../cutWindow.ts';
import { nonFiniteOutput } from '../decideLabels.ts';
import { scoreDims } from '../inputTensor.ts';
import { areExclusive } from '../measureDoubt.ts';
import type { ModelManifest } from '../modelManifest.ts';
import { inputOf } from '../networkInput.ts';
import type { WindowScores } from '../WindowLooks.ts';
import { NO_FLIP } from '../ways.ts';
import { hideBox } from './hideBox.ts';
import { blockBox, blocksAlong, type OcclusionPlan, windowsThatSee } from './planOcclusion.ts';
import type { TargetOnGrid } from './targetOnGrid.ts';

export interface OcclusionHooks {
  /** @returns scores that may be changed */
  runWindow(input: Float32Array, size: Vector3): Promise<WindowScores>;
  /** Masses that were measured for this very plan before it was interrupted, run by run: they are not asked for again. */
  readonly known?: readonly number[];
  /** Of each run that is not known: what `known` may begin with next time. */
  measured?(mass: number): Promise<void>;
  /** Before the first run and after each; throws to stop. `total` shrinks when the rest is not worth looking at. */
  progress(done: number, total: number): Promise<void>;
}

/** A block that was hidden, and nothing smaller in it. */
export interface HiddenBlock {
  /** In blocks of 2^level cells. */
  readonly at: Vector3;
  readonly level: number;
  /** Share of the mass that was lost, up to 1; negative: there was more of it. */
  readonly lost: number;
}

export interface Occlusion {
  readonly blocks: readonly HiddenBlock[];
  /** Mean probability of the class in the segment while nothing is hidden. */
  readonly meanProbability: number;
  readonly runs: number;
}

/** A block that changes less is not looked at more closely. */
const WORTH_A_LOOK = 0.005;
/** Below it the network does not find the segment at all, and there is nothing to explain. */
const LEAST_PROBABILITY = 0.05;

/**
 * @param input of the whole network's grid, [channel, k, j, i], normalised; changed meanwhile and put back
 * @param channel the class's
 * @throws model/segment-not-found-again, model/no-probabilities, model/shape-mismatch, model/non-finite-output, and what the hooks throw
 */
export async function occlude(
  input: Float32Array,
  manifest: ModelManifest,
  channel: number,
  plan: OcclusionPlan,
  target: TargetOnGrid,
  hooks: OcclusionHooks,
): Promise<Occlusion> {
  const shares = plan.starts.map((start) => windowShares(plan, target, start));
  const looker = { manifest, input: inputOf(input, plan.grid) };
  const memory = reusedMemory();
  let runs = 0;
  const massOf = async (window: number): Promise<number> => {
    const mass = hooks.known?.[runs] ?? (await askFor(window));
    await hooks.progress(++runs, plan.mostRuns);
    return mass;
  };
  const askFor = async (window: number): Promise<number> => {
    const start = plan.starts[window]!;
    const cut = cutWindow(looker, plan.windowSize, start, NO_FLIP, memory);
    const { dims, scores } = await hooks.runWindow(cut, plan.windowSize);
    const expected = scoreDims(manifest.input, manifest.classes.length, plan.windowSize);
    if (dims.length !== expected.length || expected.some((n, axis) => dims[axis] !== n))
      throw wrongShape(manifest.name);
    const mass = massIn(scores, manifest, channel, shares[window]!);
    if (!Number.isFinite(mass)) throw nonFiniteOutput();
    await hooks.measured?.(mass);
    return mass;
  };

  await hooks.progress(0, plan.mostRuns);
  const before: number[] = [];
  for (const window of plan.starts.keys()) before.push(await massOf(window));
  const whole = before.reduce((sum, mass) => sum + mass, 0);
  const meanProbability = whole / target.voxels;
  if (meanProbability < LEAST_PROBABILITY) throw notFoundAgain(manifest.name);

  const lostIn = async (at: Vector3, level: number): Promise<HiddenBlock> => {
    const box = blockBox(plan, at, level);
    const putBack = hideBox(input, plan.grid, box, plan.fade);
    try {
      let lost = 0;
      for (const window of windowsThatSee(plan, box)) lost += before[window]! - (await massOf(window));
      return { at, level, lost: lost / whole };
    } finally {
      putBack();
    }
  };

  const blocks: HiddenBlock[] = [];
  for (const at of placesIn(blocksAlong(plan.lattice, plan.firstLevel))) blocks.push(await lostIn(at, plan.firstLevel));
  for (;;) {
    const next = mostChanged(blocks);
    if (!next) break;
    const parts = partsOf(plan, next);
    const cost = parts.reduce((sum, at) => sum + windowsThatSee(plan, blockBox(plan, at, next.level - 1)).length, 0);
    if (runs + cost > plan.mostRuns) break;
    blocks.splice(blocks.indexOf(next), 1);
    for (const at of parts) blocks.push(await lostIn(at, next.level - 1));
  }
  await hooks.progress(runs, runs);
  return { blocks, meanProbability, runs };
}

interface WindowShare {
  /** Voxels of the window that belong to the segment. */
  readonly voxels: Int32Array;
  /** Which part of each is this window's to answer for, up to 1. */
  readonly share: Float32Array;
}

function windowShares(plan: OcclusionPlan, { box, inside }: TargetOnGrid, start: Vector3): WindowShare {
  const [wi, wj, wk] = plan.windowSize;
  const [ni, nj, nk] = boxSize(box);
  const voxels: number[] = [];
  const share: number[] = [];
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) {
        if (inside[n] === 0) continue;
        const place: Vector3 = [box.min[0] + i, box.min[1] + j, box.min[2] + k];
        const own = weightAt(plan, start, place);
        if (own === 0) continue;
        voxels.push(place[0] - start[0] + wi * (place[1] - start[1] + wj * (place[2] - start[2])));
        share.push(own / plan.starts.reduce((sum, other) => sum + weightAt(plan, other, place), 0));
      }
    }
  }
  if (voxels.some((voxel) => voxel >= wi * wj * wk)) throw new Error('a voxel beyond its window');
  return { voxels: Int32Array.from(voxels), share: Float32Array.from(share) };
}

function weightAt({ windowSize, weights }: OcclusionPlan, start: Vector3, place: Vector3): number {
  let weight = 1;
  for (const a of [0, 1, 2] as const) {
    const at = place[a] - start[a];
    if (at < 0 || at >= windowSize[a]) return 0;
    weight *= weights[a][at]!;
  }
  return weight;
}

function massIn(scores: Float32Array, { output, classes }: ModelManifest, channel: number, of: WindowShare): number {
  // Only the segment's voxels are turned into probabilities.
  const { voxels, share } = of;
  const count = scores.length / classes.length;
  const own = new Float32Array(voxels.length * classes.length);
  for (let c = 0; c < classes.length; c++) {
    for (let n = 0; n < voxels.length; n++) own[c * voxels.length + n] = scores[c * count + voxels[n]!]!;
  }
  activate(own, classes.length, output.activation, areExclusive(output, classes));
  let mass = 0;
  for (let n = 0; n < voxels.length; n++) mass += share[n]! * own[channel * voxels.length + n]!;
  return mass;
}

function mostChanged(blocks: readonly HiddenBlock[]): HiddenBlock | null {
  let most: HiddenBlock | null = null;
  for (const block of blocks) {
    if (block.level === 0 || Math.abs(block.lost) < WORTH_A_LOOK) continue;
    if (!most || Math.abs(block.lost) > Math.abs(most.lost)) most = block;
  }
  return most;
}

function partsOf({ lattice }: OcclusionPlan, { at, level }: HiddenBlock): Vector3[] {
  const along = blocksAlong(lattice, level - 1);
  return [...placesIn([2, 2, 2])]
    .map((part) => part.map((n, a) => 2 * at[a as 0 | 1 | 2] + n) as unknown as Vector3)
    .filter((part) => part.every((n, a) => n < along[a as 0 | 1 | 2]));
}

function* placesIn([ni, nj, nk]: Vector3): Generator<Vector3> {
  for (let k = 0; k < nk; k++) for (let j = 0; j < nj; j++) for (let i = 0; i < ni; i++) yield [i, j, k];
}

function wrongShape(name: string): LanternError {
  return new LanternError(
    'model/shape-mismatch',
    `The network of “${name}” answered with other dimensions than its manifest promises.`,
    'The manifest does not belong to this network: get the model pack again from its maker.',
  );
}

function notFoundAgain(name: string): LanternError {
  return new LanternError(
    'model/segment-not-found-again',
    `“${name}” does not see this segment where it lies now, so there is nothing to explain.`,
    'Choose a segment as the network proposed it; what was drawn by hand has no explanation in the network.',
  );
}
