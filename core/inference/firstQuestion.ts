/**
 * What a run without doubt and with one way of looking asks its network first, known from the grid alone: so that the network can be made
 * ready before the voxels are there. Next: runModel.ts, which asks; geometryTrace.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { areWhole, axisLookups } from './axisLookup.ts';
import { decisionRule } from './decideLabels.ts';
import { geometryTrace } from './geometryTrace.ts';
import { highestDecides } from './labelWriter.ts';
import type { ModelManifest } from './modelManifest.ts';
import { planTiling } from './tiling.ts';

export interface FirstQuestion {
  /** Of the window, voxels along the network's axes. */
  readonly size: Vector3;
  /** `classes`: a network that can decide itself is asked for no scores (WindowLooks.ts). */
  readonly wish: 'scores' | 'classes';
}

export function firstQuestion(
  { input, window, output, classes }: ModelManifest,
  geometry: VolumeGeometry,
): FirstQuestion {
  const { trace, grid } = geometryTrace({ input, window }, geometry);
  const { size, starts } = planTiling(grid, window, input.dimensions);
  const isWhole = areWhole(axisLookups(trace, grid));
  const isDecided = starts.length === 1 && highestDecides(isWhole, decisionRule(output, classes));
  return { size, wish: isDecided ? 'classes' : 'scores' };
}
