/**
 * What an instance network found in one slice, from its tensors: boxes, scores, labels, masks. Every number that is used later is held
 * against what the manifest promises. A mask is kept inside of its box alone. Next: linkFindings.ts.
 */
import { LanternError } from '../../errors/lanternError.ts';
import type { ModelManifest } from '../modelManifest.ts';

/** A tensor as the runtime answers it. */
export interface NamedTensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/** One thing in one slice; pixels of the network's grid, i fastest. */
export interface Finding {
  readonly k: number;
  /** Value of its class. */
  readonly label: number;
  readonly score: number;
  /** First pixel and size of the part that is kept. */
  readonly start: readonly [i: number, j: number];
  readonly size: readonly [i: number, j: number];
  /** Probabilities. */
  readonly mask: Float32Array;
}

export interface SliceAnswer {
  readonly boxes: NamedTensor;
  readonly scores: NamedTensor;
  readonly labels: NamedTensor;
  readonly masks: NamedTensor;
}

/**
 * @param size pixels of the slice
 * @returns those with the manifest's least score that hold a pixel, as the network orders them
 * @throws model/shape-mismatch, model/non-finite-output
 */
export function readFindings(
  answer: SliceAnswer,
  { output, classes }: Pick<ModelManifest, 'output' | 'classes'>,
  k: number,
  size: readonly [i: number, j: number],
): Finding[] {
  const { boxes, scores, labels, masks } = answer;
  const count = scores.data.length;
  checkShapes(answer, count, size);
  const known = new Set(classes.map(({ value }) => value));
  const leastScore = output.instances?.leastScore ?? 0;
  const findings: Finding[] = [];
  for (let n = 0; n < count; n++) {
    const score = Number(scores.data[n]);
    const label = Number(labels.data[n]);
    const box = [0, 1, 2, 3].map((c) => Number(boxes.data[4 * n + c]));
    if (!Number.isFinite(score) || !box.every(Number.isFinite)) throw notNumbers();
    if (!known.has(label)) throw mismatch(`with the class ${label}`, `${[...known].join(', ')}`);
    if (label === 0 || score < leastScore) continue;
    const finding = cutMask(masks, n, box, size, output.activation === 'sigmoid');
    if (finding.mask.some((p) => p > output.threshold)) findings.push({ k, label, score, ...finding });
  }
  return findings;
}

/** The box, widened to whole pixels and by one more: what is pasted into it is interpolated. */
function cutMask(
  masks: NamedTensor,
  n: number,
  [i0 = 0, j0 = 0, i1 = 0, j1 = 0]: readonly number[],
  [ni, nj]: readonly [number, number],
  areScores: boolean,
): Pick<Finding, 'start' | 'size' | 'mask'> {
  const within = (x: number, count: number): number => Math.min(Math.max(x, 0), count);
  const start = [within(Math.floor(i0) - 1, ni), within(Math.floor(j0) - 1, nj)] as const;
  const end = [within(Math.ceil(i1) + 2, ni), within(Math.ceil(j1) + 2, nj)] as const;
  const size = [Math.max(0, end[0] - start[0]), Math.max(0, end[1] - start[1])] as const;
  const mask = new Float32Array(size[0] * size[1]);
  for (let j = 0; j < size[1]; j++) {
    const row = n * ni * nj + (start[1] + j) * ni + start[0];
    for (let i = 0; i < size[0]; i++) {
      const value = Number(masks.data[row + i]);
      if (Number.isNaN(value)) throw notNumbers();
      mask[i + j * size[0]] = areScores ? 1 / (1 + Math.exp(-value)) : value;
    }
  }
  return { start, size, mask };
}

function checkShapes({ boxes, scores, labels, masks }: SliceAnswer, count: number, [ni, nj]: readonly number[]): void {
  const is = (tensor: NamedTensor, ...wanted: (readonly (number | undefined)[])[]): boolean =>
    wanted.some((dims) => dims.length === tensor.dims.length && dims.every((d, axis) => d === tensor.dims[axis]));
  const shown = (tensor: NamedTensor): string => tensor.dims.join(' × ');
  if (!is(scores, [count])) throw mismatch(`with scores of ${shown(scores)}`, 'a list');
  if (!is(boxes, [count, 4])) throw mismatch(`with boxes of ${shown(boxes)}`, `${count} × 4`);
  if (!is(labels, [count])) throw mismatch(`with labels of ${shown(labels)}`, `${count}`);
  if (!is(masks, [count, 1, nj, ni], [count, nj, ni])) {
    throw mismatch(`with masks of ${shown(masks)}`, `${count} × 1 × ${nj} × ${ni}`);
  }
}

function mismatch(what: string, wanted: string): LanternError {
  return new LanternError(
    'model/shape-mismatch',
    `The network answered ${what} where its manifest promises ${wanted}.`,
    'The manifest does not belong to this network: get the model pack again from its maker.',
  );
}

function notNumbers(): LanternError {
  return new LanternError(
    'model/non-finite-output',
    'The network answered with values that are not numbers, so its result was thrown away.',
    'Run it on the processor instead of a graphics card, or ask the model’s maker.',
  );
}
