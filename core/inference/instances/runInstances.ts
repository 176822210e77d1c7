/**
 * An instance network on one series, slice by slice: boxes and masks of each slice, linked through the slices, brought to the series' own
 * grid. Knows nothing of the runtime. Instances may overlap. Next: readFindings.ts, linkFindings.ts, placeInstance.ts.
 */
import { LanternError } from '../../errors/lanternError.ts';
import type { Vector3 } from '../../geometry/points.ts';
import type { Volume } from '../../volume/volume.ts';
import { axisLookups } from '../axisLookup.ts';
import { cutWindow, reusedMemory } from '../cutWindow.ts';
import type { InferenceWarning } from '../inferenceWarning.ts';
import type { ModelManifest } from '../modelManifest.ts';
import { preprocess } from '../preprocess.ts';
import type { Trace } from '../trace.ts';
import { NO_FLIP } from '../ways.ts';
import { linkFindings } from './linkFindings.ts';
import { placeInstance, type VoxelRuns } from './placeInstance.ts';
import { type Finding, readFindings, type SliceAnswer } from './readFindings.ts';

/** What the findings of all slices may hold before they are linked. */
const MOST_BYTES = 1e9;

export interface InstanceHooks {
  /** @param input as inputDims (inputTensor.ts) says for `size` (i, j, 1) */
  runSlice(input: Float32Array, size: Vector3): Promise<SliceAnswer>;
  /** Called before the first slice and after each; throws to stop. */
  progress(done: number, total: number): Promise<void>;
  /** Memory for the slices that the network reads, whatever it holds; default: fresh. */
  allocate?(length: number): Float32Array;
}

/** A thing that was found, on the series' own grid. */
export interface PlacedInstance {
  /** Value of its class. */
  readonly label: number;
  /** 0 … 1, the highest of its slices. */
  readonly score: number;
  readonly runs: VoxelRuns;
}

export interface InstanceRun {
  /** The surest first. */
  readonly instances: readonly PlacedInstance[];
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
}

/** @throws as preprocess and readFindings, model/too-many-instances, and what the hooks throw */
export async function runInstances(
  volume: Volume,
  companions: readonly Volume[],
  manifest: ModelManifest,
  hooks: InstanceHooks,
): Promise<InstanceRun> {
  const { input, trace, warnings } = preprocess(volume, manifest, companions);
  const grid = input.size;
  const [ni, nj, nk] = grid;
  const size: Vector3 = [ni, nj, 1];
  const slices: Finding[][] = [];
  let bytes = 0;
  const memory = reusedMemory(hooks.allocate);
  await hooks.progress(0, nk);
  for (let k = 0; k < nk; k++) {
    const window = cutWindow({ manifest, input }, size, [0, 0, k], NO_FLIP, memory);
    const findings = readFindings(await hooks.runSlice(window, size), manifest, k, [ni, nj]);
    bytes += findings.reduce((sum, { mask }) => sum + mask.byteLength, 0);
    if (bytes > MOST_BYTES) throw tooMany(manifest.name);
    slices.push(findings);
    await hooks.progress(k + 1, nk);
  }
  const { threshold, instances } = manifest.output;
  const linked = linkFindings(slices, threshold, instances?.linkOverlap ?? 1);
  const axes = axisLookups(trace, grid);
  const placed = linked.map((instance) => ({
    label: instance.label,
    score: instance.score,
    runs: placeInstance(instance, trace[0], axes, threshold),
  }));
  return { instances: placed.filter(({ runs }) => runs.length > 0), trace, warnings };
}

function tooMany(name: string): LanternError {
  return new LanternError(
    'model/too-many-instances',
    `“${name}” finds so many things in this series that they cannot be held; it is most likely lost here.`,
    'Check that the series is of the kind that the model was made for.',
  );
}
