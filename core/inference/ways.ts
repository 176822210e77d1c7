/**
 * In how many ways a series is looked at: by which networks, flipped along which axes of the network's grid. More than one way means
 * that probabilities are averaged. Next: planWays.ts (which ways a person's wish comes to), WindowLooks.ts (looks).
 */

/** Along i, j, k of the network's grid. */
export type Flip = readonly [boolean, boolean, boolean];

export interface Way {
  /** Which of the run's members answers. */
  readonly member: number;
  readonly flip: Flip;
  /** Channel c of the answer is class `channelOf[c]` of the run's manifest. */
  readonly channelOf: readonly number[];
  /** Of its answer in the mean; those of all ways add up to 1, and every member has the same part. */
  readonly weight: number;
}

export const NO_FLIP: Flip = [false, false, false];

/** One network, as the series lies. */
export function plainWay(classes: number): Way {
  return { member: 0, flip: NO_FLIP, channelOf: Array.from({ length: classes }, (_, c) => c), weight: 1 };
}

export function isFlipped(flip: Flip): boolean {
  return flip.includes(true);
}
