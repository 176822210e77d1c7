/**
 * Estimates of runs on this machine, and what they are learnt from. The processor's speed is measured once, beside whoever asks:
 * until then a network that never ran here has no time yet. Next: estimateRun.ts, RunTimes.ts, speedTrial.ts.
 */
import type { RunEstimate } from '#contract/schemas/inference.ts';
import { type VolumeGeometry, voxelCount } from '#core/geometry/volumeGeometry.ts';
import type { GateSubject } from '#core/inference/inputGate.ts';
import { runPlan } from '#core/inference/runPlan.ts';
import { estimateRun, operationsOf, type RunWish } from './estimateRun.ts';
import type { ProviderName } from './inferenceMessages.ts';
import type { ModelPack } from './modelPack.ts';
import { RunTimes } from './RunTimes.ts';
import { speedTrial } from './speedTrial.ts';

export interface RunEstimatesOptions {
  readonly nodePath: string;
  /** null: remembered only while the program runs */
  readonly stateFolder: string | null;
  readonly ceilingBytes: number;
}

export interface EndedRun {
  /** In how many ways each window was looked at by each network. */
  readonly looks: number;
  readonly provider: ProviderName;
  readonly geometry: VolumeGeometry;
  readonly seconds: number;
  readonly networkSeconds: number;
}

export class RunEstimates {
  readonly #options: RunEstimatesOptions;
  readonly #times: RunTimes;
  #speedTrial: Promise<void> | null = null;

  constructor(options: RunEstimatesOptions) {
    this.#options = options;
    this.#times = new RunTimes(options.stateFolder);
  }

  async of(pack: ModelPack, subject: GateSubject, provider: ProviderName, wish: RunWish = {}): Promise<RunEstimate> {
    const operationsPerSecond = await this.#times.operationsPerSecond();
    if (operationsPerSecond === null) this.#speedTrial ??= this.#measureSpeed();
    const { ceilingBytes } = this.#options;
    return estimateRun(pack, subject, { times: this.#times, provider, ceilingBytes, operationsPerSecond }, wish);
  }

  /** @returns what the runtime takes for so many voxels that go through the network; null where it cannot be told (yet) */
  async networkSeconds(pack: ModelPack, networkVoxels: number, provider: ProviderName): Promise<number | null> {
    const pace = await this.#times.paceOf(pack.sha256, provider);
    if (pace) return networkVoxels * pace.networkSecondsPerVoxel;
    const [speed, operations] = [await this.#times.operationsPerSecond(), await operationsOf(pack)];
    return speed === null || operations === null ? null : (networkVoxels * operations) / speed;
  }

  /** From a run that ended well at the first try. */
  async learn(pack: ModelPack, { provider, looks, geometry, ...took }: EndedRun): Promise<void> {
    const { seconds, networkSeconds } = took;
    const networkVoxels = looks * runPlan(pack.manifest, geometry).networkVoxels;
    const operations = provider === 'cpu' ? await operationsOf(pack) : null;
    if (operations !== null) await this.#learnSpeed((operations * networkVoxels) / networkSeconds);
    const measured = { networkVoxels, seriesVoxels: voxelCount(geometry), networkSeconds, seconds };
    // A state folder that cannot be written costs the estimate, not the result.
    await this.#times.learn(pack.sha256, provider, measured).catch(() => undefined);
  }

  async #measureSpeed(): Promise<void> {
    const operationsPerSecond = await speedTrial(this.#options.nodePath);
    if (operationsPerSecond !== null) await this.#learnSpeed(operationsPerSecond);
  }

  async #learnSpeed(operationsPerSecond: number): Promise<void> {
    await this.#times.learnSpeed(operationsPerSecond).catch(() => undefined);
  }
}
