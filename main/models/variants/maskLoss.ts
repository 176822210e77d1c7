/** How much of a parent's mask a variant's mask keeps. */
import type { ModelManifest } from '#core/inference/modelManifest.ts';

export interface MaskLoss {
  /** 2 |A ∩ B| / (|A| + |B|) by the class's value; classes in neither mask are left out. */
  readonly dice: ReadonlyMap<number, number>;
  /** Over the classes; 1 where neither mask has any. */
  readonly meanDice: number;
  readonly leastDice: number;
  readonly voxels: number;
  readonly differingVoxels: number;
}

export function maskLoss(
  parent: ArrayLike<number>,
  variant: ArrayLike<number>,
  classes: ModelManifest['classes'],
): MaskLoss {
  const size = Math.max(...classes.map(({ value }) => value)) + 1;
  const [both, sum] = [new Float64Array(size), new Float64Array(size)];
  let differingVoxels = 0;
  for (let n = 0; n < parent.length; n++) {
    const [a, b] = [parent[n]!, variant[n]!];
    sum[a]!++;
    sum[b]!++;
    if (a === b) both[a]!++;
    else differingVoxels++;
  }
  const dice = new Map<number, number>();
  for (const { value } of classes) {
    if (value > 0 && sum[value]! > 0) dice.set(value, (2 * both[value]!) / sum[value]!);
  }
  const all = [...dice.values()];
  return {
    dice,
    meanDice: all.length > 0 ? all.reduce((total, d) => total + d, 0) / all.length : 1,
    leastDice: Math.min(1, ...all),
    voxels: parent.length,
    differingVoxels,
  };
}
