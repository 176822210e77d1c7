/** The doubt of a whole series on its own grid, one byte a voxel (measureDoubt.ts says of what), filled part by part. */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import { type DoubtMeasure, type DoubtScratch, doubtScratch, measureDoubt } from './measureDoubt.ts';

export class DoubtMap {
  readonly #measure: DoubtMeasure;
  readonly #isRequired: boolean;
  readonly #scratch: DoubtScratch;
  /** A slice long. */
  readonly scratch: Uint8Array;
  /** On the series' own grid, in its order. */
  readonly values: Uint8Array;
  #isKnown = true;

  /**
   * @param size of the oriented series
   * @param isRequired false: numbers that turn out to be no probabilities end the map (`isKnown`) and not the run
   */
  constructor([ni, nj, nk]: Vector3, measure: DoubtMeasure, isRequired: boolean) {
    this.#measure = measure;
    this.#isRequired = isRequired;
    this.#scratch = doubtScratch(ni * nj);
    this.scratch = new Uint8Array(ni * nj);
    this.values = new Uint8Array(ni * nj * nk);
  }

  /** False once the network's numbers turned out to be no probabilities; the values mean nothing then. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** A network that decides itself can measure it too (WindowLooks.ts). */
  get isOfExclusiveScores(): boolean {
    return this.#measure.planes === 'scores' && this.#measure.areExclusive;
  }

  /** @param length of the planes, a slice at the most @returns their doubt, good until the next call; null when it is not known @throws model/no-probabilities */
  slice(planes: readonly Float32Array[], length: number): Uint8Array | null {
    if (!this.#isKnown) return null;
    try {
      const doubt = this.scratch.subarray(0, length);
      measureDoubt(planes, this.#measure, this.#scratch, doubt);
      return doubt;
    } catch (error) {
      if (this.#isRequired || !(error instanceof LanternError)) throw error;
      this.#isKnown = false;
      return null;
    }
  }
}
