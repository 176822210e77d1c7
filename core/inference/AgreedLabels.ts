/**
 * Labels between the voxels of the network's grid without interpolating all scores: where the eight voxels around have one class, that
 * class has the highest score between them too, for an interpolated score is a mean of theirs. Only what lies between voxels of different
 * classes is interpolated, one voxel at a time. For rules by which the highest score wins. Next: labelWriter.ts.
 */
import type { AxisLookups } from './axisLookup.ts';
import { type DecisionRule, decideLabels } from './decideLabels.ts';
import { LastTwo } from './LastTwo.ts';
import type { ScoreBox } from './ScoreBlend.ts';

/** Indices of the oriented series along one axis, the end exclusive. */
export type Range = readonly [from: number, end: number];

/** No channel has this number. */
const MIXED = 65_535;
/** Of a slice: where more lies between classes, whole slices of scores are quicker. */
const MOST_BETWEEN = 0.25;

export class AgreedLabels {
  readonly #rule: DecisionRule;
  readonly #byChannel: DecisionRule;
  readonly #axes: AxisLookups;
  /** Of the box: the channel with the highest score. */
  readonly #planes = new LastTwo<Uint16Array>();
  #merged = new Uint16Array(0);
  #best = new Float32Array(0);
  #between = new Int32Array(0);

  constructor(rule: DecisionRule, axes: AxisLookups) {
    this.#rule = rule;
    this.#byChannel = { ...rule, values: rule.values.map((_, channel) => channel) };
    this.#axes = axes;
  }

  /** What is known of planes is of the box before. */
  begin(): void {
    this.#planes.forget();
  }

  /**
   * @param slice of the oriented series @param labels written, i × j
   * @returns false where too much lies between classes; the labels are not complete then
   * @throws model/non-finite-output
   */
  decide(box: ScoreBox, slice: number, i: Range, j: Range, labels: Uint8Array | Uint16Array): boolean {
    const [alongI, alongJ, alongK] = this.#axes;
    const merged = this.#agreed(box, alongK.lower[slice]!, alongK.upper[slice]!);
    const width = i[1] - i[0];
    const most = Math.floor(MOST_BETWEEN * width * (j[1] - j[0]));
    if (this.#between.length < most + width) this.#between = new Int32Array(most + width);
    const between = this.#between;
    const { values } = this.#rule;
    let count = 0;
    for (let y = j[0], n = 0; y < j[1]; y++) {
      const row0 = (alongJ.lower[y]! - box.origin[1]) * box.size[0] - box.origin[0];
      const row1 = (alongJ.upper[y]! - box.origin[1]) * box.size[0] - box.origin[0];
      for (let x = i[0]; x < i[1]; x++, n++) {
        const low = alongI.lower[x]!;
        const high = alongI.upper[x]!;
        const channel = merged[row0 + low]!;
        const isAgreed =
          channel !== MIXED &&
          channel === merged[row0 + high]! &&
          channel === merged[row1 + low]! &&
          channel === merged[row1 + high]!;
        if (isAgreed) labels[n] = values[channel]!;
        else between[count++] = n;
      }
      if (count > most) return false;
    }
    for (let b = 0; b < count; b++) {
      const n = between[b]!;
      labels[n] = values[this.#highest(box, i[0] + (n % width), j[0] + Math.floor(n / width), slice)]!;
    }
    return true;
  }

  /** @returns the channel that both planes of the box have there, or MIXED */
  #agreed(box: ScoreBox, lower: number, upper: number): Uint16Array {
    // The lower one first: it was the upper one of the slice before, and would else give way to what comes now.
    const below = this.#classesAt(box, lower);
    if (lower === upper) return below;
    const above = this.#classesAt(box, upper);
    if (this.#merged.length < above.length) this.#merged = new Uint16Array(above.length);
    const merged = this.#merged;
    for (let n = 0; n < above.length; n++) merged[n] = above[n] === below[n] ? above[n]! : MIXED;
    return merged;
  }

  #classesAt(box: ScoreBox, k: number): Uint16Array {
    const length = box.size[0] * box.size[1];
    const plane = this.#planes.at(k, (spare) => {
      const memory = spare && spare.length >= length ? spare : new Uint16Array(length);
      if (this.#best.length < length) this.#best = new Float32Array(length);
      const planes = this.#rule.values.map((_, c) => {
        const at = (c * box.size[2] + k - box.origin[2]) * length;
        return box.scores.subarray(at, at + length);
      });
      decideLabels(planes, this.#byChannel, this.#best.subarray(0, length), memory.subarray(0, length));
      return memory;
    });
    return plane.subarray(0, length);
  }

  /** The same arithmetic as for whole slices: which way was taken matters to ties by rounding alone. */
  #highest({ scores, origin, size }: ScoreBox, x: number, y: number, z: number): number {
    const [alongI, alongJ, alongK] = this.#axes;
    const [i0, i1, fi] = [alongI.lower[x]! - origin[0], alongI.upper[x]! - origin[0], alongI.fraction[x]!];
    const [j0, j1, fj] = [alongJ.lower[y]! - origin[1], alongJ.upper[y]! - origin[1], alongJ.fraction[y]!];
    const [k0, k1, fk] = [alongK.lower[z]! - origin[2], alongK.upper[z]! - origin[2], alongK.fraction[z]!];
    const plane = size[0] * size[1];
    const [row00, row01] = [j0 * size[0] + k0 * plane, j1 * size[0] + k0 * plane];
    const [row10, row11] = [j0 * size[0] + k1 * plane, j1 * size[0] + k1 * plane];
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let c = 0, first = 0; c < this.#rule.values.length; c++, first += plane * size[2]) {
      let score = between(scores, first + row10, first + row11, i0, i1, fi, fj);
      if (k0 !== k1) {
        const below = between(scores, first + row00, first + row01, i0, i1, fi, fj);
        score = Math.fround(below + fk * (score - below));
      }
      if (score > highest) {
        highest = score;
        best = c;
      }
    }
    return best;
  }
}

function between(
  scores: Float32Array,
  row0: number,
  row1: number,
  i0: number,
  i1: number,
  fi: number,
  fj: number,
): number {
  const a = scores[row0 + i0]! + fi * (scores[row0 + i1]! - scores[row0 + i0]!);
  const b = scores[row1 + i0]! + fi * (scores[row1 + i1]! - scores[row1 + i0]!);
  return Math.fround(a + fj * (b - a));
}
