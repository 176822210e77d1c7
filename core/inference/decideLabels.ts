/**
 * From scores to labels, a plane at a time. The highest score wins; of equal ones the class that stands first in the manifest,
 * so that a result never depends on the order of computation.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { ModelClass, ModelOutput } from './modelManifest.ts';
import { marksOf } from './sharedVoxels.ts';

export interface DecisionRule {
  /** Label by channel; of overlapping classes a mark (sharedVoxels.ts). */
  readonly values: readonly number[];
  /** Every class above the floor counts, and its mark is added to the voxel's. */
  readonly areShared: boolean;
  /** A score must be above this; −Infinity where the background is a class of its own. */
  readonly floor: number;
}

/** @returns the type of a mask that can hold every label of a run, or every mark where classes overlap */
export function labelType(output: ModelOutput, classes: readonly ModelClass[]): 'uint8' | 'uint16' {
  return typeFor(decisionRule(output, classes));
}

export function typeFor({ values }: DecisionRule): 'uint8' | 'uint16' {
  return values.some((value) => value > 255) ? 'uint16' : 'uint8';
}

/** @param areAveraged the planes hold mean probabilities and not the network's own scores */
export function decisionRule(output: ModelOutput, classes: readonly ModelClass[], areAveraged = false): DecisionRule {
  const areShared = output.overlapping === true;
  const values = areShared ? marksOf(classes) : classes.map((c) => c.value);
  const t = output.threshold;
  if (output.activation === 'sigmoid' && !areAveraged) return { values, areShared, floor: Math.log(t / (1 - t)) };
  const hasBackground = output.activation !== 'sigmoid' && classes.some((c) => c.value === 0);
  return { values, areShared, floor: hasBackground ? Number.NEGATIVE_INFINITY : t };
}

/**
 * @param planes scores, one plane per channel
 * @param best scratch of a plane's length
 * @param labels written: one label per position
 * @throws model/non-finite-output
 */
export function decideLabels(
  planes: readonly Float32Array[],
  rule: DecisionRule,
  best: Float32Array,
  labels: Uint8Array | Uint16Array,
): void {
  if (rule.areShared) {
    markLabels(planes, rule, labels);
    return;
  }
  const [first, second] = planes;
  let sum = 0;
  let channel = 0;
  if (first && second && rule.floor === Number.NEGATIVE_INFINITY) {
    sum = betterOfTwo(first, second, rule, best, labels);
    channel = 2;
  } else {
    best.fill(rule.floor);
    labels.fill(0);
  }
  for (; channel < planes.length; channel++) {
    const plane = planes[channel]!;
    const value = rule.values[channel]!;
    for (let n = 0; n < labels.length; n++) {
      const score = plane[n]!;
      sum += score;
      if (score > best[n]!) {
        best[n] = score;
        labels[n] = value;
      }
    }
  }
  if (!Number.isFinite(sum)) {
    throw nonFiniteOutput();
  }
}

function markLabels(planes: readonly Float32Array[], rule: DecisionRule, labels: Uint8Array | Uint16Array): void {
  labels.fill(0);
  let sum = 0;
  for (const [channel, plane] of planes.entries()) {
    const mark = rule.values[channel]!;
    for (let n = 0; n < labels.length; n++) {
      const score = plane[n]!;
      sum += score;
      if (score > rule.floor) labels[n]! |= mark;
    }
  }
  if (!Number.isFinite(sum)) throw nonFiniteOutput();
}

/** The first two channels in one pass, which saves a third of the time of three. @returns the sum of their scores */
function betterOfTwo(
  first: Float32Array,
  second: Float32Array,
  rule: DecisionRule,
  best: Float32Array,
  labels: Uint8Array | Uint16Array,
): number {
  const value = rule.values[0]!;
  const otherValue = rule.values[1]!;
  let sum = 0;
  for (let n = 0; n < labels.length; n++) {
    const a = first[n]!;
    const b = second[n]!;
    sum += a + b;
    best[n] = b > a ? b : a;
    labels[n] = b > a ? otherValue : value;
  }
  return sum;
}

export function nonFiniteOutput(): LanternError {
  return new LanternError(
    'model/non-finite-output',
    'The network answered with values that are not numbers, so its result was thrown away.',
    'Run it on the processor instead of a graphics card, or ask the model’s maker.',
  );
}
