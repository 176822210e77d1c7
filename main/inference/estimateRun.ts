/**
 * What a run of a model on a series would take, before anything is loaded: whether it fits, memory, windows, time. Looks at no voxel.
 * Time comes from earlier runs on this machine, before the first from the network's operations and the machine's speed.
 */
import { readFile } from 'node:fs/promises';
import type { RunEstimate } from '#contract/schemas/inference.ts';
import type { Warning } from '#contract/schemas/messages.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { voxelCount } from '#core/geometry/volumeGeometry.ts';
import { estimateRunBytes } from '#core/inference/estimateRunBytes.ts';
import { type GateSubject, inputGate, isFarLarger } from '#core/inference/inputGate.ts';
import { mirroredLooks, planFlips } from '#core/inference/planFlips.ts';
import { regionExtentMm, regionGeometry } from '#core/inference/regionAround.ts';
import { runPlan } from '#core/inference/runPlan.ts';
import { operationsPerVoxel } from '#core/onnx/operationsPerVoxel.ts';
import { readModel } from '#core/onnx/readModel.ts';
import type { ModelPack } from './modelPack.ts';
import type { RunTimes } from './RunTimes.ts';

export interface EstimateMeans {
  readonly times: RunTimes;
  readonly provider: string;
  /** What the inference process may hold. */
  readonly ceilingBytes: number;
  /** Of the processor; null while it has not been measured. */
  readonly operationsPerSecond: number | null;
}

export interface RunWish {
  /** Absent: as the model's manifest says. */
  readonly flips?: boolean | undefined;
  /** Only the part around a point that the network sees at once; means nothing for one that looks at whole series. */
  readonly isAround?: boolean | undefined;
}

export async function estimateRun(
  pack: ModelPack,
  whole: GateSubject,
  means: EstimateMeans,
  { flips, isAround = false }: RunWish = {},
): Promise<RunEstimate> {
  const { manifest } = pack;
  const isUsual = manifest.output.mirrorByDefault ?? false;
  const isMirrored = flips ?? isUsual;
  const regionMm = isFarLarger(manifest, whole) ? regionExtentMm(manifest, whole.geometry) : null;
  const subject = regionMm && isAround ? { ...whole, geometry: regionGeometry(manifest, whole.geometry) } : whole;
  const { geometry } = subject;
  let refusal: LanternError | null = null;
  let warnings: Warning[] = [];
  try {
    warnings = inputGate(manifest, subject);
    if (isMirrored) planFlips(manifest);
  } catch (error) {
    if (!(error instanceof LanternError)) throw error;
    refusal = error;
  }
  const mirrored = mirroredLooks(manifest);
  const looks = isMirrored ? mirrored : 1;
  const plan = runPlan(manifest, geometry);
  const bytes = estimateRunBytes(manifest, geometry, looks);
  refusal ??= bytes > means.ceilingBytes ? volumeTooLarge(manifest.name, bytes, means.ceilingBytes) : null;
  return {
    modelId: manifest.id,
    fits: refusal ? 'no' : warnings.length > 0 ? 'with-care' : 'yes',
    refusal: refusal?.toJSON() ?? null,
    warnings,
    windows: plan.tiling.starts.length,
    looks,
    mirrored: { looks: mirrored, isUsual },
    regionMm: regionMm && [...regionMm],
    bytes: Math.round(bytes),
    // Of a network whose own need nobody has measured, only what the program holds for it is known.
    isLeastBytes: manifest.peakMemoryMb === null,
    ...(await timeOf(pack, looks * plan.networkVoxels, voxelCount(geometry), means)),
  };
}

/** @param members networks that run together */
export function volumeTooLarge(name: string, needed: number, spare: number, members = 1): LanternError {
  const gb = (bytes: number): string => (bytes / 1e9).toFixed(1);
  return new LanternError(
    'model/volume-too-large',
    `“${name}” would need about ${gb(needed)} GB of memory for this series; ${gb(spare)} GB can be spared.`,
    members > 1
      ? 'Use fewer models together, or a machine with more memory.'
      : 'Use a machine with more memory, or a series with fewer or thicker slices.',
  );
}

async function timeOf(
  pack: ModelPack,
  networkVoxels: number,
  seriesVoxels: number,
  { times, provider, operationsPerSecond }: EstimateMeans,
): Promise<Pick<RunEstimate, 'seconds' | 'secondsFrom'>> {
  const pace = await times.paceOf(pack.sha256, provider);
  if (pace) {
    const seconds = networkVoxels * pace.networkSecondsPerVoxel + seriesVoxels * pace.otherSecondsPerVoxel;
    return { seconds, secondsFrom: 'runs' };
  }
  if (operationsPerSecond === null) return { seconds: null, secondsFrom: 'unmeasured' };
  const operations = await operationsOf(pack);
  if (operations === null) return { seconds: null, secondsFrom: 'unknown' };
  const other = (await times.usualOtherSecondsPerVoxel()) ?? 0;
  return {
    seconds: (networkVoxels * operations) / operationsPerSecond + seriesVoxels * other,
    secondsFrom: 'operations',
  };
}

/** By sha256: a network is read for it once. */
const counted = new Map<string, Promise<number | null>>();

/** @returns for each voxel that goes through the network; null where it cannot be told */
export function operationsOf(pack: ModelPack): Promise<number | null> {
  const known = counted.get(pack.sha256) ?? countOperations(pack.networks.map(({ file }) => file));
  counted.set(pack.sha256, known);
  return known;
}

async function countOperations(networkFiles: readonly string[]): Promise<number | null> {
  try {
    let operations = 0;
    for (const file of networkFiles) operations += operationsPerVoxel(readModel(await readFile(file))) ?? Number.NaN;
    return Number.isNaN(operations) ? null : operations;
  } catch {
    // What is wrong with it is told when it is listed and when it is run.
    return null;
  }
}
