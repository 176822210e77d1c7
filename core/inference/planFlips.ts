/**
 * Along which axes a series may be flipped for one model (test-time augmentation): all combinations of those that its manifest names.
 * Where it names none, left and right alone: a network that never saw a head upside down must not be asked about one.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import { hasSides, lateralPartners } from './lateralPartners.ts';
import type { ModelManifest } from './modelManifest.ts';
import { type Flip, NO_FLIP } from './ways.ts';

export interface FlipPlan {
  /** The unflipped way first. */
  readonly flips: readonly Flip[];
  /** By class, what it becomes in a picture whose left and right are exchanged. */
  readonly partners: readonly number[];
  /** Index of the grid's axis that runs between left and right. */
  readonly lateralAxis: 0 | 1 | 2;
  readonly warnings: readonly InferenceWarning[];
}

const AXES = ['i', 'j', 'k'] as const;

/** @returns how often a window is looked at by each network where a run says nothing of flips */
export function usualLooks(manifest: ModelManifest): number {
  return manifest.output.mirrorByDefault ? mirroredLooks(manifest) : 1;
}

/** @returns how often a window is looked at by each network that is shown mirror images too; 1 where it must not be shown any */
export function mirroredLooks(manifest: ModelManifest): number {
  if (manifest.output.kind !== 'semantic') return 1;
  try {
    return planFlips(manifest).flips.length;
  } catch (error) {
    if (error instanceof LanternError) return 1;
    throw error;
  }
}

/** @throws model/no-flips, model/no-partner */
export function planFlips(manifest: ModelManifest): FlipPlan {
  const { output, input, name, classes } = manifest;
  const lateralAxis = [...input.orientation].findIndex((letter) => 'LR'.includes(letter)) as 0 | 1 | 2;
  const stated = output.mirrorAxes?.map((axis) => AXES.indexOf(axis) as 0 | 1 | 2);
  if (stated?.length === 0) {
    throw new LanternError(
      'model/no-flips',
      `The manifest of “${name}” says that it must not be shown flipped images.`,
      'Run it without flips.',
    );
  }
  const axes = stated ?? [lateralAxis];
  const identity = classes.map((_, n) => n);
  const partners = axes.includes(lateralAxis) && hasSides(classes) ? lateralPartners(classes) : identity;
  const warnings: InferenceWarning[] = stated
    ? []
    : [
        {
          code: 'model/flips-not-stated',
          message: `“${name}” does not say whether it was trained on flipped images; left and right alone were exchanged.`,
        },
      ];
  return { flips: combinations(axes), partners, lateralAxis, warnings };
}

function combinations(axes: readonly (0 | 1 | 2)[]): Flip[] {
  let flips: Flip[] = [NO_FLIP];
  for (const axis of axes) {
    flips = [...flips, ...flips.map((flip) => flip.map((f, a) => f || a === axis) as unknown as Flip)];
  }
  return flips;
}

/** "", "left–right" …, as provenance names the axes. @param orientation of the network's grid */
export function anatomicalAxes(flips: readonly Flip[], orientation: string): string[] {
  const names: Readonly<Record<string, string>> = {
    L: 'left-right',
    R: 'left-right',
    P: 'front-back',
    A: 'front-back',
    S: 'head-foot',
    I: 'head-foot',
  };
  return ([0, 1, 2] as const).flatMap((axis) =>
    flips.some((flip) => flip[axis]) ? [names[orientation[axis] ?? ''] ?? ''] : [],
  );
}
