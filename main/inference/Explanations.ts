/**
 * Explanations of a network's proposal: which places around a segment it needs (occlusion), and its own attention maps. Asked of the very
 * network that made the proposal, on the same voxels, or not at all. Geometry and measure: core/inference/explain.
 */
import type { Warning } from '#contract/schemas/messages.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { cropToBox, pasteFromBox } from '#core/inference/cropToStructure.ts';
import type { ExplainedSegment, SegmentToExplain } from '#core/inference/explain/explainSegment.ts';
import { type OcclusionWish, planOcclusion } from '#core/inference/explain/planOcclusion.ts';
import { onWholeSeries } from '#core/inference/explain/saliencyMap.ts';
import { targetOnGrid } from '#core/inference/explain/targetOnGrid.ts';
import { geometryTrace } from '#core/inference/geometryTrace.ts';
import type { ModelAttention } from '#core/inference/modelManifest.ts';
import { runPlan } from '#core/inference/runPlan.ts';
import type { IndexBox, Labelmap } from '#core/segmentation/labelmap.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { PROMPT_MODEL } from '../prompt/promptModel.ts';
import type { ProcessExplanation } from './askForExplanation.ts';
import { cropAll } from './cascade.ts';
import { channelSeries } from './channelSeries.ts';
import type { ExplanationSoFar } from './ExplanationSoFar.ts';
import {
  cropped,
  differentNetwork,
  emptySegment,
  explainedAlone,
  noAttention,
  noSuchMap,
  notExplainable,
  notFromModel,
} from './explanationRefusals.ts';
import type { InferenceProcess } from './InferenceProcess.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { planLooks } from './looksPlan.ts';
import type { ModelPack } from './modelPack.ts';
import type { Providers } from './Providers.ts';
import type { RunEstimates } from './RunEstimates.ts';
import { withSecondTry } from './secondTry.ts';

export interface ExplanationRequest {
  /** Of the proposal; null: no network made it. */
  readonly provenance: Provenance | null;
  readonly volume: Volume;
  /** Series of the further channels, as for the run. */
  readonly channels?: readonly { readonly name: string; readonly volume: Volume }[];
  readonly asked:
    | {
        readonly kind: 'occlusion';
        readonly segment: { readonly number: number; readonly name: string };
        /** The segment's layer, on the volume's grid. */
        readonly mask: Labelmap;
        readonly wish?: OcclusionWish;
      }
    /** `map`: its name in the manifest; null: the first. */
    | { readonly kind: 'attention'; readonly map: string | null };
}

export interface ExplanationEstimate {
  readonly mostRuns: number;
  /** null where it cannot be told (yet). */
  readonly seconds: number | null;
  /** Of the smallest and of the largest patch, mm; null for attention. */
  readonly patchMm: number | null;
  readonly firstPatchMm: number | null;
  /** Names of the maps that the network offers. */
  readonly attention: readonly string[];
}

export interface Explanation {
  readonly model: { readonly id: string; readonly name: string; readonly version: string; readonly sha256: string };
  readonly provider: ProviderName;
  readonly seconds: number;
  readonly warnings: readonly Warning[];
  readonly found:
    | ({ readonly kind: 'occlusion'; readonly patchMm: number; readonly windows: number } & ExplainedSegment)
    /** Values as in core/inference/explain/runAttention.ts, on the volume's grid. */
    | {
        readonly kind: 'attention';
        readonly map: string;
        readonly values: Uint16Array;
        readonly lowest: number;
        readonly highest: number;
      };
}

export interface ExplanationMeans {
  readonly process: InferenceProcess;
  readonly providers: Providers;
  readonly estimates: RunEstimates;
  readonly ceilingBytes: number;
  /** @throws model/unknown, model/weights-missing, model/invalid-manifest, model/unsupported-output */
  pack(modelId: string): Promise<ModelPack>;
}

/** An explanation's time in the inference process. */
export interface ExplanationTurn {
  /** When it fires, a run that a person waits for comes first: its reason is thrown, and the explanation is asked for again later. */
  readonly giveWay: AbortSignal;
  /** The same at every turn. */
  readonly soFar: ExplanationSoFar;
}

export class Explanations {
  readonly #means: ExplanationMeans;

  constructor(means: ExplanationMeans) {
    this.#means = means;
  }

  async estimate(request: ExplanationRequest): Promise<ExplanationEstimate> {
    const { pack, order, runs, voxelsOfRun } = await this.#prepare(request);
    const provider = await this.#means.providers.preferred();
    const plan = order.kind === 'occlusion' ? order.segment.plan : null;
    return {
      mostRuns: runs,
      seconds: await this.#means.estimates.networkSeconds(pack, runs * voxelsOfRun, provider),
      patchMm: plan?.patchMm ?? null,
      firstPatchMm: plan && plan.patchMm * 2 ** plan.firstLevel,
      attention: (pack.manifest.output.attention ?? []).map(({ name }) => name),
    };
  }

  /**
   * @throws segmentation/not-from-model, segmentation/empty-segment, model/unknown and its kin, model/different-network,
   *   model/not-explainable, model/no-attention, model/segment-cropped, model/segment-not-found-again, model/volume-too-large,
   *   model/process-crashed, model/out-of-memory, argument/patch, argument/runs, the reason of `giveWay`
   */
  async explain(request: ExplanationRequest, context: JobContext, turn: ExplanationTurn): Promise<Explanation> {
    const from = performance.now();
    const { soFar } = turn;
    try {
      const explanation = await this.#inTurn(request, context, turn);
      return { ...explanation, seconds: soFar.seconds + (performance.now() - from) / 1000 };
    } finally {
      soFar.seconds += (performance.now() - from) / 1000;
    }
  }

  async #inTurn(
    request: ExplanationRequest,
    context: JobContext,
    { giveWay, soFar }: ExplanationTurn,
  ): Promise<Omit<Explanation, 'seconds'>> {
    const { pack, order, looks, volumes, box, warnings } = await this.#prepare(request);
    const { manifest, sha256 } = pack;
    const { members, networksAtOnce } = looks.order;
    const signal = AbortSignal.any([context.signal, giveWay]);
    const explainOn = (provider: ProviderName): Promise<ProcessExplanation> => {
      signal.throwIfAborted();
      context.progress(0, 0, 'runs', 'Preparing the network');
      const masses = soFar.massesOn(provider, volumes[0].geometry);
      const asked = order.kind === 'occlusion' ? { ...order, known: [...masses] } : order;
      return this.#means.process.explain({ members: [members[0]], networksAtOnce, provider, asked }, volumes, {
        signal,
        progress: (done, total, secondsLeft) => context.progress(done, total, 'runs', phase(order.kind, secondsLeft)),
        measured: (mass) => void masses.push(mass),
      });
    };
    const { answer, provider, again } = await withSecondTry(explainOn, { providers: this.#means.providers, signal });
    const { found, values } = answer;
    context.signal.throwIfAborted();
    const { size } = request.volume.geometry;
    const { id, name, version } = manifest;
    return {
      model: { id, name, version, sha256 },
      provider,
      warnings: again ? [...warnings, again] : warnings,
      found:
        found.kind === 'occlusion' && order.kind === 'occlusion'
          ? {
              kind: 'occlusion',
              ...found.segment,
              ...(box && { map: onWholeSeries(found.segment.map, box.min, size) }),
              patchMm: order.segment.plan.patchMm,
              windows: order.segment.plan.starts.length,
            }
          : attentionOf(found, order, values, box, size),
    };
  }

  /** Everything that can be refused without running anything. */
  async #prepare({ provenance, volume, channels = [], asked }: ExplanationRequest) {
    if (!provenance) throw notFromModel();
    const pack = await this.#packOf(provenance);
    const { manifest } = pack;
    if (manifest.output.kind !== 'semantic') throw notExplainable(manifest.name);
    const named = channels.map((channel) => ({ name: channel.name, series: channel.volume }));
    const all = channelSeries(manifest, volume, named);
    const box = partOf(provenance);
    const volumes = box ? cropAll(all, box) : all;
    const looks = planLooks([pack], { volume: volumes[0], flips: false }, this.#means.ceilingBytes);
    const isAlone = provenance.members !== undefined || provenance.flippedAxes !== undefined;
    const shared = { pack, looks, volumes, box, warnings: isAlone ? [explainedAlone(manifest.name)] : [] };
    const geometry = geometryTrace(manifest, volumes[0].geometry);
    if (asked.kind === 'attention') {
      const map = mapOf(pack, asked.map);
      const { tiling } = runPlan(manifest, volumes[0].geometry);
      const order = { kind: 'attention' as const, map };
      return { ...shared, order, runs: tiling.starts.length, voxelsOfRun: product(tiling.size) };
    }
    const { number, name } = asked.segment;
    if (!manifest.classes.some(({ value }) => value === number && value !== 0)) throw notExplainable(manifest.name);
    if (!asked.mask.voxels.includes(number)) throw emptySegment(name);
    const mask = box ? partOfMask(asked.mask, volume, box) : asked.mask;
    const target = targetOnGrid(geometry, mask, number);
    if (!target) throw cropped(name, manifest.name);
    const plan = planOcclusion(manifest, geometry, target, asked.wish);
    const segment: SegmentToExplain = { value: number, plan, target };
    const order = { kind: 'occlusion' as const, segment };
    return { ...shared, order, runs: plan.mostRuns, voxelsOfRun: product(plan.windowSize) };
  }

  async #packOf({ modelId, modelName, sha256 }: Provenance): Promise<ModelPack> {
    if (modelId === PROMPT_MODEL.id) throw notExplainable(modelName);
    const pack = await this.#means.pack(modelId);
    if (pack.sha256 !== sha256) throw differentNetwork(modelName);
    return pack;
  }
}

type Order =
  | { readonly kind: 'occlusion'; readonly segment: SegmentToExplain }
  | { readonly kind: 'attention'; readonly map: ModelAttention };

/** The part of the series that the network saw; null: all of it. */
function partOf({ cascade, region }: Provenance): IndexBox | null {
  const part = cascade ?? region;
  if (!part) return null;
  const [i = 0, j = 0, k = 0] = part.start;
  const [ni = 1, nj = 1, nk = 1] = part.size;
  return { min: [i, j, k], max: [i + ni - 1, j + nj - 1, k + nk - 1] };
}

function partOfMask({ voxels }: Labelmap, { geometry }: Volume, box: IndexBox): Labelmap {
  const part = cropToBox({ geometry, scalars: voxels }, box);
  return { size: part.geometry.size, voxels: part.scalars as Labelmap['voxels'] };
}

/** @throws model/no-attention, model/no-such-map */
function mapOf({ manifest: { name, output } }: ModelPack, wanted: string | null): ModelAttention {
  const maps = output.attention ?? [];
  const found = wanted === null ? maps[0] : maps.find((map) => map.name === wanted || map.output === wanted);
  if (found) return found;
  throw maps.length === 0 ? noAttention(name) : noSuchMap(name, maps);
}

function attentionOf(
  found: { readonly kind: string; readonly lowest?: number; readonly highest?: number },
  order: Order,
  values: Uint16Array | null,
  box: IndexBox | null,
  size: Vector3,
): Extract<Explanation['found'], { kind: 'attention' }> {
  const { lowest, highest } = found;
  if (order.kind !== 'attention' || !values || lowest === undefined || highest === undefined) {
    throw new Error('an answer to another question');
  }
  const whole = box ? pasteFromBox(values, box, size) : values;
  return { kind: 'attention', map: order.map.name, values: whole, lowest, highest };
}

function product([i, j, k]: Vector3): number {
  return i * j * k;
}

function phase(kind: Order['kind'], secondsLeft: number | null): string {
  const what = kind === 'occlusion' ? 'Hiding one place after another' : 'Reading the attention map';
  return secondsLeft === null ? what : `${what}, at most ${Math.max(1, Math.round(secondsLeft))} s left`;
}
