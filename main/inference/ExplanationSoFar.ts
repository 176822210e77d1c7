/** What an explanation has found when it is interrupted: by a run that a person waits for, or by its process's end. It goes on from there. */
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { ProviderName } from './inferenceMessages.ts';

export class ExplanationSoFar {
  /** Spent in earlier turns. */
  seconds = 0;
  #of = '';
  #masses: number[] = [];

  /**
   * Numbers of another hardware, or of a series that has got more slices meanwhile, are no beginning: then it begins anew.
   * @returns by run, to be added to
   */
  massesOn(provider: ProviderName, geometry: VolumeGeometry): number[] {
    const of = JSON.stringify([provider, geometry]);
    if (of !== this.#of) this.#masses = [];
    this.#of = of;
    return this.#masses;
  }
}
