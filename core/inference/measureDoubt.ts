/**
 * How unsure a network was of each voxel, 0 … 255 for 0 … 1: the entropy of the probabilities over the classes divided by its largest
 * value, ln(classes). Where every class is decided on its own (sigmoid), the largest of the classes' binary entropies, divided by ln 2.
 * With flips or an ensemble the probabilities are the mean over all answers: the predictive entropy.
 */
import { noProbabilities, SUM_TOLERANCE } from './activate.ts';
import type { ModelClass, ModelOutput } from './modelManifest.ts';

/** What the value 255 stands for is 1; a value is off by 1/510 at most. */
export const DOUBT_STEPS = 255;

export interface DoubtMeasure {
  /** What the planes hold: scores before the activation, or probabilities. */
  readonly planes: 'scores' | 'probabilities';
  /** Whether the classes exclude one another (their probabilities add up to 1). */
  readonly areExclusive: boolean;
}

/** @param areAveraged the planes hold means of probabilities @throws model/no-probabilities for a single class that excludes nothing */
export function doubtMeasure(output: ModelOutput, classes: readonly ModelClass[], areAveraged: boolean): DoubtMeasure {
  const exclusive = areExclusive(output, classes);
  if (exclusive && classes.length < 2) throw noProbabilities();
  return {
    planes: areAveraged || output.activation === 'none' ? 'probabilities' : 'scores',
    areExclusive: exclusive,
  };
}

/** Softmax, or probabilities of which one is the background's. */
export function areExclusive({ activation }: ModelOutput, classes: readonly ModelClass[]): boolean {
  return activation === 'softmax' || (activation === 'none' && classes.some(({ value }) => value === 0));
}

/** Scratch for planes of one size. */
export interface DoubtScratch {
  readonly top: Float32Array;
  readonly sum: Float32Array;
  readonly weighted: Float32Array;
}

export function doubtScratch(length: number): DoubtScratch {
  return { top: new Float32Array(length), sum: new Float32Array(length), weighted: new Float32Array(length) };
}

/**
 * @param planes one per class, finite @param doubt written: one value per position
 * @throws model/no-probabilities
 */
export function measureDoubt(
  planes: readonly Float32Array[],
  measure: DoubtMeasure,
  scratch: DoubtScratch,
  doubt: Uint8Array,
): void {
  if (measure.areExclusive) {
    if (measure.planes === 'scores') scoreSums(planes, scratch, doubt.length);
    else probabilitySums(planes, scratch, doubt.length);
    writeEntropy(scratch, planes.length, doubt);
  } else if (measure.planes === 'scores') binaryOfScores(planes, scratch.top, doubt);
  else binaryOfProbabilities(planes, scratch.top, doubt);
}

/** H = ln Σe − Σ(e·d)/Σe with d = score − highest, e = exp(d). */
function scoreSums(planes: readonly Float32Array[], { top, sum, weighted }: DoubtScratch, length: number): void {
  // Classes further below the highest add less than half a step, all of them together.
  const negligible = -9 - Math.log(planes.length);
  top.set(planes[0]!.subarray(0, length));
  for (const plane of planes) for (let n = 0; n < length; n++) if (plane[n]! > top[n]!) top[n] = plane[n]!;
  sum.fill(0);
  weighted.fill(0);
  for (const plane of planes) {
    for (let n = 0; n < length; n++) {
      const d = plane[n]! - top[n]!;
      if (d < negligible) continue;
      const e = d === 0 ? 1 : Math.exp(d);
      sum[n]! += e;
      weighted[n]! += e * d;
    }
  }
}

/** H = ln Σp − Σ(p·ln p)/Σp, which forgives a sum that is a little off. */
function probabilitySums(planes: readonly Float32Array[], { sum, weighted }: DoubtScratch, length: number): void {
  sum.fill(0);
  weighted.fill(0);
  for (const plane of planes) {
    for (let n = 0; n < length; n++) {
      const p = plane[n]!;
      if (p < -SUM_TOLERANCE || p > 1 + SUM_TOLERANCE) throw noProbabilities();
      sum[n]! += p;
      if (p > 1e-6 && p < 0.9999) weighted[n]! += p * Math.log(p);
    }
  }
  for (let n = 0; n < length; n++) if (Math.abs(sum[n]! - 1) > SUM_TOLERANCE) throw noProbabilities();
}

function writeEntropy({ sum, weighted }: DoubtScratch, classes: number, doubt: Uint8Array): void {
  const scale = DOUBT_STEPS / Math.log(classes);
  for (let n = 0; n < doubt.length; n++) {
    const s = sum[n]!;
    const w = weighted[n]!;
    const entropy = w === 0 && s === 1 ? 0 : Math.log(s) - w / s;
    doubt[n] = Math.min(DOUBT_STEPS, Math.max(0, Math.round(scale * entropy)));
  }
}

/** The class whose score lies nearest to 0 is the most doubtful. */
function binaryOfScores(planes: readonly Float32Array[], nearest: Float32Array, doubt: Uint8Array): void {
  nearest.fill(Number.POSITIVE_INFINITY);
  for (const plane of planes) {
    for (let n = 0; n < doubt.length; n++) {
      const x = Math.abs(plane[n]!);
      if (x < nearest[n]!) nearest[n] = x;
    }
  }
  for (let n = 0; n < doubt.length; n++) doubt[n] = binaryStep(1 / (1 + Math.exp(-nearest[n]!)));
}

function binaryOfProbabilities(planes: readonly Float32Array[], nearest: Float32Array, doubt: Uint8Array): void {
  nearest.fill(1);
  for (const plane of planes) {
    for (let n = 0; n < doubt.length; n++) {
      const p = plane[n]!;
      if (p < -SUM_TOLERANCE || p > 1 + SUM_TOLERANCE) throw noProbabilities();
      const x = Math.min(Math.abs(p - 0.5), 0.5);
      if (x < nearest[n]!) nearest[n] = x;
    }
  }
  for (let n = 0; n < doubt.length; n++) doubt[n] = binaryStep(0.5 + nearest[n]!);
}

/** @param p 0.5 … 1 */
function binaryStep(p: number): number {
  if (p >= 1) return 0;
  const entropy = -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
  return Math.round((DOUBT_STEPS * entropy) / Math.LN2);
}
