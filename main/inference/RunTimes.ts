/**
 * How long networks take on this machine, learnt from their runs; kept by network and provider in `inference-times.json`, without
 * patient data. Before a network's first run its operations and the machine's measured speed have to do. Next: estimateRun.ts.
 */
import { z } from 'zod';
import { MachineMemory } from './MachineMemory.ts';

const pace = z.object({
  /** In the runtime, for each voxel that goes through the network. */
  networkSecondsPerVoxel: z.number().positive(),
  /** All else (loading, preparing, deciding), for each voxel of the series. */
  otherSecondsPerVoxel: z.number().nonnegative(),
  runs: z.int().positive(),
});
export type Pace = z.infer<typeof pace>;

const remembered = z.object({
  /** By "provider sha256". */
  paces: z.record(z.string(), pace),
  /** Of the processor, in the newest runs; before the first on a trial network. */
  operationsPerSecond: z.number().positive().optional(),
});

/** Of a run that ended well. */
export interface MeasuredRun {
  readonly networkVoxels: number;
  readonly seriesVoxels: number;
  readonly networkSeconds: number;
  readonly seconds: number;
}

/** How much the newest run counts: machines are busy at times, and change. */
const WEIGHT_OF_NEWEST = 0.4;

export class RunTimes {
  readonly #memory: MachineMemory<z.infer<typeof remembered>>;

  constructor(stateFolder: string | null) {
    this.#memory = new MachineMemory(remembered, { paces: {} }, 'inference-times.json', stateFolder);
  }

  /** @returns null before the network's first run here */
  async paceOf(sha256: string, provider: string): Promise<Pace | null> {
    return (await this.#memory.read()).paces[`${provider} ${sha256}`] ?? null;
  }

  /** @returns what all else took in the runs of other networks; null before the first run of any */
  async usualOtherSecondsPerVoxel(): Promise<number | null> {
    const all = Object.values((await this.#memory.read()).paces).map((p) => p.otherSecondsPerVoxel);
    return all.sort((a, b) => a - b)[all.length >> 1] ?? null;
  }

  async learn(sha256: string, provider: string, run: MeasuredRun): Promise<void> {
    const newest = {
      network: run.networkSeconds / run.networkVoxels,
      other: Math.max(0, run.seconds - run.networkSeconds) / run.seriesVoxels,
    };
    if (!(newest.network > 0 && Number.isFinite(newest.network))) return;
    const key = `${provider} ${sha256}`;
    await this.#memory.change((before) => {
      const known = before.paces[key];
      const next: Pace = {
        networkSecondsPerVoxel: mixed(known?.networkSecondsPerVoxel, newest.network),
        otherSecondsPerVoxel: mixed(known?.otherSecondsPerVoxel, newest.other),
        runs: (known?.runs ?? 0) + 1,
      };
      return { ...before, paces: { ...before.paces, [key]: next } };
    });
  }

  async operationsPerSecond(): Promise<number | null> {
    return (await this.#memory.read()).operationsPerSecond ?? null;
  }

  async learnSpeed(operationsPerSecond: number): Promise<void> {
    if (!(operationsPerSecond > 0 && Number.isFinite(operationsPerSecond))) return;
    await this.#memory.change((before) => ({
      ...before,
      operationsPerSecond: mixed(before.operationsPerSecond, operationsPerSecond),
    }));
  }
}

function mixed(old: number | undefined, now: number): number {
  return old === undefined ? now : old + WEIGHT_OF_NEWEST * (now - old);
}
