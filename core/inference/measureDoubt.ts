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
  readonly second: Float32Array;
}

export function doubtScratch(length: number): DoubtScratch {
  return { top: new Float32Array(length), second: new Float32Array(length) };
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
    if (measure.planes === 'scores') entropyOfScores(planes, scratch, doubt);
    else entropyOfProbabilities(planes, scratch, doubt);
  } else if (measure.planes === 'scores') binaryOfScores(planes, scratch.top, doubt);
  else binaryOfProbabilities(planes, scratch.top, doubt);
}

/** H = ln Σe + Σ(e·x)/Σe with x = highest − score, e = exp(−x). Most voxels are sure: there the runner-up is far below. */
function entropyOfScores(planes: readonly Float32Array[], { top, second }: DoubtScratch, doubt: Uint8Array): void {
  // Classes further below the highest add less than half a step, all of them together.
  const negligible = Math.min(9 + Math.log(planes.length), LARGEST_BELOW);
  const { exp, weightedExp, log } = tables();
  const scale = DOUBT_STEPS / Math.log(planes.length);
  highestTwo(planes, top, second, doubt.length);
  for (let n = 0; n < doubt.length; n++) {
    const highest = top[n]!;
    if (highest - second[n]! > negligible) {
      doubt[n] = 0;
      continue;
    }
    let sum = 0;
    let weighted = 0;
    for (let c = 0; c < planes.length; c++) {
      const below = highest - planes[c]![n]!;
      if (below > negligible) continue;
      const at = (below * EXP_STEPS + 0.5) | 0;
      sum += exp[at]!;
      weighted += weightedExp[at]!;
    }
    const logarithm = sum < LOG_LIMIT ? log[((sum - 1) * LOG_STEPS + 0.5) | 0]! : Math.log(sum);
    // Written as a whole number: + 0.5 rounds.
    doubt[n] = Math.min(DOUBT_STEPS, scale * (logarithm + weighted / sum) + 0.5);
  }
}

/** exp and log are looked up, six times as fast as computed; together they are off by a quarter of a step at most. */
const EXP_STEPS = 512;
const LOG_STEPS = 1024;
const LOG_LIMIT = 8;
/** Far enough for a thousand classes. */
const LARGEST_BELOW = 16;

interface Tables {
  /** e^−x at x = index ÷ EXP_STEPS, and x·e^−x. */
  readonly exp: Float32Array;
  readonly weightedExp: Float32Array;
  /** ln(1 + index ÷ LOG_STEPS) */
  readonly log: Float32Array;
}

let made: Tables | null = null;

function tables(): Tables {
  const length = LARGEST_BELOW * EXP_STEPS + 1;
  made ??= {
    exp: Float32Array.from({ length }, (_, n) => Math.exp(-n / EXP_STEPS)),
    weightedExp: Float32Array.from({ length }, (_, n) => (n / EXP_STEPS) * Math.exp(-n / EXP_STEPS)),
    log: Float32Array.from({ length: (LOG_LIMIT - 1) * LOG_STEPS + 1 }, (_, n) => Math.log(1 + n / LOG_STEPS)),
  };
  return made;
}

function highestTwo(planes: readonly Float32Array[], top: Float32Array, second: Float32Array, length: number): void {
  const a = planes[0]!;
  const b = planes[1]!;
  for (let n = 0; n < length; n++) {
    const x = a[n]!;
    const y = b[n]!;
    top[n] = x > y ? x : y;
    second[n] = x > y ? y : x;
  }
  for (let c = 2; c < planes.length; c++) {
    const plane = planes[c]!;
    for (let n = 0; n < length; n++) {
      const x = plane[n]!;
      if (x <= second[n]!) continue;
      const highest = top[n]!;
      second[n] = x > highest ? highest : x;
      if (x > highest) top[n] = x;
    }
  }
}

/** H = ln Σp − Σ(p·ln p)/Σp, which forgives a sum that is a little off. */
function entropyOfProbabilities(
  planes: readonly Float32Array[],
  { top: sum, second: weighted }: DoubtScratch,
  doubt: Uint8Array,
): void {
  sum.fill(0, 0, doubt.length);
  weighted.fill(0, 0, doubt.length);
  for (const plane of planes) {
    for (let n = 0; n < doubt.length; n++) {
      const p = plane[n]!;
      if (p < -SUM_TOLERANCE || p > 1 + SUM_TOLERANCE) throw noProbabilities();
      sum[n]! += p;
      if (p > 1e-6 && p < 0.9999) weighted[n]! += p * Math.log(p);
    }
  }
  const scale = DOUBT_STEPS / Math.log(planes.length);
  for (let n = 0; n < doubt.length; n++) {
    const s = sum[n]!;
    if (Math.abs(s - 1) > SUM_TOLERANCE) throw noProbabilities();
    const entropy = weighted[n] === 0 ? 0 : Math.log(s) - weighted[n]! / s;
    doubt[n] = Math.min(DOUBT_STEPS, Math.max(0, scale * entropy) + 0.5);
  }
}

/** The class whose score lies nearest to 0 is the most doubtful. */
function binaryOfScores(planes: readonly Float32Array[], nearest: Float32Array, doubt: Uint8Array): void {
  nearest.fill(Number.POSITIVE_INFINITY, 0, doubt.length);
  for (const plane of planes) {
    for (let n = 0; n < doubt.length; n++) {
      const x = Math.abs(plane[n]!);
      if (x < nearest[n]!) nearest[n] = x;
    }
  }
  for (let n = 0; n < doubt.length; n++) doubt[n] = binaryStep(1 / (1 + Math.exp(-nearest[n]!)));
}

function binaryOfProbabilities(planes: readonly Float32Array[], nearest: Float32Array, doubt: Uint8Array): void {
  nearest.fill(1, 0, doubt.length);
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
