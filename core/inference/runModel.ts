/**
 * One network on one series, from voxels to a mask on the series' own grid. Knows nothing of the runtime: the caller brings
 * `runWindow`. The scores of a whole volume are never held; slices are decided as they are finished.
 * Next: preprocess.ts, tiling.ts, scoreSlab.ts, labelWriter.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import { decisionRule } from './decideLabels.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import { LabelWriter } from './labelWriter.ts';
import type { ModelManifest } from './modelManifest.ts';
import { moveVoxels } from './moveVoxels.ts';
import { preprocess } from './preprocess.ts';
import { ScoreSlab } from './scoreSlab.ts';
import { planTiling } from './tiling.ts';
import type { Trace } from './trace.ts';

/** What a network answered for one window: dims [1, class, k, j, i]. */
export interface WindowScores {
  readonly dims: readonly number[];
  readonly scores: Float32Array;
}

export interface RunHooks {
  /** @param input [1, 1, k, j, i] of `size` (i, j, k) */
  runWindow(input: Float32Array, size: Vector3): Promise<WindowScores>;
  /** Called before the first window and after each; throws to stop. */
  progress(done: number, total: number): Promise<void>;
  /** Memory for the volume that the network reads, whatever it holds; default: fresh. */
  allocate?(length: number): Float32Array;
  /**
   * The mask's next voxels in the series' own order, as soon as nothing can change them: together they are the whole mask.
   * Comes after the last `progress`.
   */
  maskPart?(voxels: Labelmap['voxels']): void;
}

export interface ModelRun {
  readonly labelmap: Labelmap;
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
}

/**
 * @throws model/non-finite-input, model/uniform-input, model/shape-mismatch, model/non-finite-output, and what the hooks throw
 */
export async function runModel(volume: Volume, manifest: ModelManifest, hooks: RunHooks): Promise<ModelRun> {
  const { volume: input, trace, warnings } = preprocess(volume, manifest, hooks.allocate);
  const grid = input.geometry.size;
  const tiling = planTiling(grid, manifest.window);
  const classes = manifest.classes.length;
  const writer = new LabelWriter(trace, grid, decisionRule(manifest.output, manifest.classes));
  const total = tiling.starts.length;

  await hooks.progress(0, total);
  if (total === 1) {
    const { scores } = checkedScores(await hooks.runWindow(input.scalars, grid), grid, classes);
    await hooks.progress(1, 1);
    const plane = grid[0] * grid[1];
    for (let k = 0; k < grid[2]; k++) {
      const at = (c: number): number => (c * grid[2] + k) * plane;
      writer.write(
        k,
        manifest.classes.map((_, c) => scores.subarray(at(c), at(c) + plane)),
      );
      hooks.maskPart?.(writer.takeSettled());
    }
    const labelmap = writer.finish();
    hooks.maskPart?.(writer.takeSettled());
    return { labelmap, trace, warnings };
  }

  const slab = new ScoreSlab(grid, tiling, classes, (k, planes) => writer.write(k, planes));
  const { size } = tiling;
  const windowInput = new Float32Array(size[0] * size[1] * size[2]);
  for (const [n, start] of tiling.starts.entries()) {
    const first = start[0] + grid[0] * (start[1] + grid[1] * start[2]);
    moveVoxels(input.scalars, windowInput, size, { start: first, strides: [1, grid[0], grid[0] * grid[1]] });
    slab.add(start, checkedScores(await hooks.runWindow(windowInput, size), size, classes).scores);
    await hooks.progress(n + 1, total);
  }
  slab.finish();
  const labelmap = writer.finish();
  hooks.maskPart?.(writer.takeSettled());
  return { labelmap, trace, warnings };
}

function checkedScores(answer: WindowScores, size: Vector3, classes: number): WindowScores {
  const expected = [1, classes, size[2], size[1], size[0]];
  if (answer.dims.length !== 5 || expected.some((n, axis) => answer.dims[axis] !== n)) {
    throw new LanternError(
      'model/shape-mismatch',
      `The network answered with ${answer.dims.join(' × ')} numbers where its manifest promises ${expected.join(' × ')}.`,
      'The manifest does not belong to this network: get the model pack again from its maker.',
    );
  }
  return answer;
}
