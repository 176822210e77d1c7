/** How far a variant's answer to one window is from its parent's: for choosing among variants of one network. */
import { decideLabels, decisionRule } from '#core/inference/decideLabels.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { maskLoss } from './maskLoss.ts';

/** @param parent, variant scores, one plane a class. @returns 1 − mean Dice; where masks are equal, a little for other scores */
export function windowLoss(
  parent: Float32Array,
  variant: Float32Array,
  { output, classes }: Pick<ModelManifest, 'output' | 'classes'>,
): number {
  const rule = decisionRule(output, classes);
  const length = parent.length / classes.length;
  const labels = (scores: Float32Array): Uint16Array => {
    const planes = classes.map((_, c) => scores.subarray(c * length, (c + 1) * length));
    const decided = new Uint16Array(length);
    decideLabels(planes, rule, new Float32Array(length), decided);
    return decided;
  };
  let [error, energy] = [0, 0];
  for (let n = 0; n < parent.length; n++) {
    error += (parent[n]! - variant[n]!) ** 2;
    energy += parent[n]! ** 2;
  }
  const { meanDice } = maskLoss(labels(parent), labels(variant), classes);
  // Scores break ties: a thousandth of Dice outweighs them.
  return 1 - meanDice + 1e-3 * Math.min(1, energy > 0 ? error / energy : 0);
}
