/**
 * A variant against its parent, whatever made it: masks of every case, processor time for one window, bytes. Both run as the engine runs
 * them (LoadedNetwork.ts), so a 3D parent is measured in the rewritten form that a user would otherwise have. Next: worthKeeping.ts
 */
import os from 'node:os';
import type { Vector3 } from '#core/geometry/points.ts';
import { inputDims, tensorChannels } from '#core/inference/inputTensor.ts';
import type { NetworkFile } from '../../inference/inferenceMessages.ts';
import type { TrialProcess } from '../../inference/TrialProcess.ts';
import type { TrialWindow } from '../../inference/trialMessages.ts';
import { fixedSize } from '../goldenRun.ts';
import { type MaskLoss, maskLoss } from './maskLoss.ts';
import type { ParentPack } from './parentPack.ts';
import { trialRun } from './trialRun.ts';
import type { VariantCase } from './variantCases.ts';

export interface CaseLoss extends MaskLoss {
  readonly name: string;
}

export interface VariantMeasure {
  readonly cases: readonly CaseLoss[];
  readonly meanDice: number;
  readonly leastDice: number;
  /** Processor seconds for one window, the median of several runs in turn. */
  readonly seconds: { readonly parent: number; readonly variant: number };
  readonly speedup: number;
  readonly window: Vector3;
  /** Whether each ran in the rewritten form. */
  readonly rewritten: { readonly parent: boolean; readonly variant: boolean };
  readonly processor: string;
  /** Of the variant on the golden case. */
  readonly goldenMask: Uint8Array | Uint16Array;
}

export const PARENT = 'parent';
export const VARIANT = 'variant';

/** After one of each that is not counted. */
const RUNS = 7;
/** Where a network takes any size: enough work to be measured. */
const SIDE = { flat: 256, deep: 64 };

/**
 * @param parentMasks by case, as trialRun gives them in the slot PARENT, where the parent is loaded
 * @param cases the golden case first
 */
export async function measureVariant(
  trials: TrialProcess,
  parent: ParentPack,
  variant: NetworkFile,
  cases: readonly VariantCase[],
  parentMasks: readonly (Uint8Array | Uint16Array)[],
): Promise<VariantMeasure> {
  const { manifest } = parent.pack;
  await trials.load(VARIANT, variant, manifest);
  const losses: CaseLoss[] = [];
  let goldenMask: Uint8Array | Uint16Array | null = null;
  for (const [n, one] of cases.entries()) {
    const mask = await trialRun(trials, VARIANT, one);
    goldenMask ??= mask;
    losses.push({ name: one.name, ...maskLoss(parentMasks[n]!, mask, manifest.classes) });
  }
  if (!goldenMask) throw new Error('no case to measure on');
  const window = speedWindow(parent);
  const shown = windowOf(parent, window);
  const times: Record<string, number[]> = { [PARENT]: [], [VARIANT]: [] };
  const rewritten: Record<string, boolean> = {};
  for (let n = 0; n <= RUNS; n++) {
    for (const slot of [PARENT, VARIANT]) {
      const answer = await trials.run(slot, shown);
      rewritten[slot] = answer.rewritten;
      if (n > 0) times[slot]?.push(answer.cpuSeconds);
    }
  }
  const seconds = { parent: median(times[PARENT] ?? []), variant: median(times[VARIANT] ?? []) };
  return {
    cases: losses,
    meanDice: Math.min(...losses.map((loss) => loss.meanDice)),
    leastDice: Math.min(...losses.map((loss) => loss.leastDice)),
    seconds,
    speedup: seconds.parent / seconds.variant,
    window,
    rewritten: { parent: rewritten[PARENT] ?? false, variant: rewritten[VARIANT] ?? false },
    processor: (os.cpus()[0]?.model ?? 'unknown').trim().slice(0, 200),
    goldenMask,
  };
}

function speedWindow({ pack, model }: ParentPack): Vector3 {
  const { input, window } = pack.manifest;
  const side = input.dimensions === 2 ? SIDE.flat : SIDE.deep;
  const rounded = Math.ceil(side / input.multipleOf) * input.multipleOf;
  return fixedSize(model, input) ?? window.size ?? [rounded, rounded, input.dimensions === 2 ? 1 : rounded];
}

/** The golden case's values over and over: time does not depend on them, but for numbers that are hardly there. */
function windowOf({ pack, golden }: ParentPack, size: Vector3): TrialWindow {
  const { input } = pack.manifest;
  const length = size[0] * size[1] * size[2] * tensorChannels(input);
  const values = Float32Array.from({ length }, (_, n) => golden.input[n % golden.input.length]!);
  return { dims: inputDims(input, size), values };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
