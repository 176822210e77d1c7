/**
 * When a faster variant of a model is worth a pack of its own. Stated here and nowhere else; the guide (docs/models.md) repeats it.
 *
 * The mask must stay the parent's: a mean Dice of 0.99 and no class below 0.98 against it are well inside of what two careful people, or
 * two trainings of one network, differ by, so the parent's figures remain a fair description. And it must pay: a second model that a
 * person has to choose from, check and keep is worth a sixth of the time and not less; differences of that size are also beyond what
 * repeated measurements of one network differ by. A smaller file alone is no reason: nobody waits for the disk.
 */

export const LEAST_MEAN_DICE = 0.99;
export const LEAST_CLASS_DICE = 0.98;
export const LEAST_SPEEDUP = 1.2;

export interface VariantFigures {
  /** Over the classes, in the worst case. */
  readonly meanDice: number;
  /** Of the worst class in the worst case. */
  readonly leastDice: number;
  /** Processor time of the parent ÷ of the variant. */
  readonly speedup: number;
}

/** @returns why it is not worth it, a clause each; empty where it is */
export function reasonsAgainst({ meanDice, leastDice, speedup }: VariantFigures): string[] {
  return [
    ...(meanDice >= LEAST_MEAN_DICE
      ? []
      : [`its masks differ too much (mean Dice ${meanDice.toFixed(3)}, ${LEAST_MEAN_DICE} is needed)`]),
    ...(leastDice >= LEAST_CLASS_DICE
      ? []
      : [`one class differs too much (Dice ${leastDice.toFixed(3)}, ${LEAST_CLASS_DICE} is needed)`]),
    ...(speedup >= LEAST_SPEEDUP
      ? []
      : [`it is not faster enough (${speedup.toFixed(2)} times, ${LEAST_SPEEDUP} is needed)`]),
  ];
}
