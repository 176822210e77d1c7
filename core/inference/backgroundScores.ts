/** What a network would answer where it is certain that there is nothing but background. */
import type { ModelManifest } from './modelManifest.ts';

/** A logit as large as its probability differs from 0 or 1 by rounding only. */
const CERTAIN = 30;

/** @param areAveraged mean probabilities and not the network's own scores @returns by channel */
export function backgroundScores({ classes, output }: ModelManifest, areAveraged: boolean): number[] {
  const areProbabilities = areAveraged || output.activation === 'none';
  return classes.map(({ value }) => {
    const isBackground = value === 0;
    if (areProbabilities) return isBackground ? 1 : 0;
    return isBackground ? CERTAIN : -CERTAIN;
  });
}
