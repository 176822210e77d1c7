/**
 * The networks that the host has, what each would take on this series, and those that run or wait. A result arrives as a proposal.
 * Next: AiSection.tsx.
 */
import { create } from 'zustand';
import { inferenceResult, type RunEstimate } from '#contract/schemas/inference.ts';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { rpc } from '../app/client.ts';
import { jobFinished, useJobs } from '../app/jobsStore.ts';
import { onModelsChanged } from '../models/modelsChanged.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import type { StatedChannel } from './channelStore.ts';
import { showProposal } from './openEditor.ts';
import { tellError, useEditor } from './segmentationStore.ts';

/** A run that this window asked for. */
export interface AskedRun {
  readonly modelId: string;
  readonly seriesId: string;
  /** null: on its way to the host */
  readonly jobId: string | null;
}

interface ModelState {
  /** null: not asked yet; those for this kind of image first */
  readonly models: readonly ModelSummary[] | null;
  readonly chosenId: string | null;
  /** Whether the networks are in sight. */
  readonly isOpen: boolean;
  /** By model, whether it is to look at mirror images too, where a person said so. */
  readonly mirrored: ReadonlyMap<string, boolean>;
  /** By model, whether it is to look around the crosshair alone, where a person said so; else it does where it was trained on such parts. */
  readonly around: ReadonlyMap<string, boolean>;
  /** The series that `estimates` are of. */
  readonly seriesId: string | null;
  readonly estimates: ReadonlyMap<string, RunEstimate>;
  readonly runs: readonly AskedRun[];
}

export const useModels = create<ModelState>()(() => ({
  models: null,
  chosenId: null,
  isOpen: false,
  mirrored: new Map(),
  around: new Map(),
  seriesId: null,
  estimates: new Map(),
  runs: [],
}));

/** While the machine's speed is being measured. */
const ASK_AGAIN_MS = 2000;
const MOST_QUESTIONS = 30;
/** How often was asked: an answer that a later question has overtaken is dropped. */
let asked = 0;

onModelsChanged(() => {
  // What was said of a model's mirror images was said of the one that stood there before.
  useModels.setState({ mirrored: new Map(), around: new Map() });
  if (useModels.getState().models !== null) void loadModels();
});

export async function loadModels(): Promise<void> {
  try {
    const { models } = await rpc.models.list();
    const modality = useViewer.getState().detail?.series.modality ?? '';
    const rank = (m: ModelSummary) => (m.problem ? 2 : m.modality === modality || m.modality === 'any' ? 0 : 1);
    // What answers to clicks is a tool of its own (prompt/promptStore.ts), and not run over a series.
    const networks = models.filter(({ kind }) => kind === 'network');
    const sorted = networks.toSorted((a, b) => rank(a) - rank(b));
    const { chosenId } = useModels.getState();
    const chosen = sorted.find(({ id }) => id === chosenId);
    // The choice of another case stands only where it is for this kind of image too.
    const isKept = chosen !== undefined && rank(chosen) === 0;
    useModels.setState({ models: sorted, chosenId: isKept ? chosen.id : (sorted[0]?.id ?? null) });
    await loadEstimates();
  } catch (error) {
    tellError(error);
  }
}

export function chooseModel(chosenId: string): void {
  useModels.setState({ chosenId });
}

/** @param isMirrored the model looks at mirror images too; what a run would take is asked anew */
export async function mirrorModel(modelId: string, isMirrored: boolean): Promise<void> {
  useModels.setState({ mirrored: new Map([...useModels.getState().mirrored, [modelId, isMirrored]]) });
  await loadEstimates();
}

/** @param isAround the model looks around the crosshair alone; what a run would take is asked anew */
export async function lookAround(modelId: string, isAround: boolean): Promise<void> {
  useModels.setState({ around: new Map([...useModels.getState().around, [modelId, isAround]]) });
  await loadEstimates();
}

/** @returns how far around the crosshair the model would look, mm along the series' axes; null: at all of the series, or not known yet */
export function regionMmOf({ estimates, around }: ModelState, modelId: string | null): Vector3 | null {
  if (modelId === null || around.get(modelId) === false) return null;
  return estimates.get(modelId)?.regionMm ?? null;
}

/** Whether a run of the model is to look around the crosshair alone: asked where nobody has been told yet. */
async function looksAround(seriesId: string, modelId: string): Promise<boolean> {
  const state = useModels.getState();
  if (state.around.get(modelId) === false) return false;
  const known = state.seriesId === seriesId ? state.estimates.get(modelId) : undefined;
  return (known ?? (await askEstimate(seriesId, modelId))).regionMm !== null;
}

/** Asks what each model would take on the open series; again while the machine's speed is still being measured. */
export async function loadEstimates(questions = 0): Promise<void> {
  const { seriesId } = useEditor.getState();
  const { models } = useModels.getState();
  if (seriesId === null || !models) return;
  if (useModels.getState().seriesId !== seriesId) {
    useModels.setState({ seriesId, estimates: new Map(), mirrored: new Map(), around: new Map() });
    return loadEstimates();
  }
  const asking = ++asked;
  const usable = models.filter(({ problem }) => problem === null);
  const answers = await Promise.all(
    // One that cannot be told keeps its place without an estimate; the run itself would say why.
    usable.map(({ id }) => askEstimate(seriesId, id).catch(() => null)),
  );
  if (asking !== asked) return;
  const estimates = answers.filter((estimate) => estimate !== null);
  useModels.setState({ estimates: new Map(estimates.map((estimate) => [estimate.modelId, estimate])) });
  const isUnmeasured = estimates.some(({ secondsFrom }) => secondsFrom === 'unmeasured');
  if (isUnmeasured && questions < MOST_QUESTIONS) setTimeout(() => void loadEstimates(questions + 1), ASK_AGAIN_MS);
}

/** As a person wants the model to look. */
function askEstimate(seriesId: string, modelId: string): Promise<RunEstimate> {
  const { mirrored, around } = useModels.getState();
  return rpc.inference.estimate({
    ...{ seriesId, modelId },
    ...{ flips: mirrored.get(modelId), isAround: around.get(modelId) ?? true },
  });
}

/** The hand is on its way to the button: by the click, the process runs. Nothing is told: the run itself would say what is wrong. */
export function prepareRun(): void {
  void rpc.inference.prepare().catch(() => undefined);
}

/**
 * Asks for a run, which may wait for others, and shows its proposal when it has ended.
 * @param channels beside the open series
 */
export async function runModel(modelId: string, channels: StatedChannel[]): Promise<void> {
  const { seriesId } = useEditor.getState();
  if (seriesId === null) return;
  // Where it is now, and not when the order has arrived.
  const [x, y, z] = useViewer.getState().crosshairLps;
  let run: AskedRun = { modelId, seriesId, jobId: null };
  const replace = (next: AskedRun | null) => {
    const others = useModels.getState().runs.map((each) => (each === run ? next : each));
    useModels.setState({ runs: others.filter((each) => each !== null) });
    if (next) run = next;
  };
  useModels.setState({ runs: [...useModels.getState().runs, run] });
  try {
    const isAround = await looksAround(seriesId, modelId);
    const order = {
      ...{ seriesId, modelId, coarse: true, flips: useModels.getState().mirrored.get(modelId) },
      ...(isAround && { aroundLps: [x, y, z] as [number, number, number] }),
    };
    const { jobId } = await rpc.inference.run({ ...order, ...(channels.length > 0 && { channels }) });
    replace({ ...run, jobId });
    const job = await jobFinished(jobId);
    // What it took is known now.
    void loadEstimates();
    if (useEditor.getState().seriesId !== seriesId) return;
    if (job.state === 'failed' && job.error) {
      // The code came through the contract, where it is a plain string.
      tellError(new LanternError(job.error.code as LanternError['code'], job.error.message, job.error.hint));
    }
    if (job.state === 'done') {
      await showProposal(inferenceResult.parse(job.result).segmentationId);
    }
  } catch (error) {
    tellError(error);
  } finally {
    replace(null);
  }
}

export async function cancelRun(jobId: string): Promise<void> {
  await useJobs.getState().cancel(jobId).catch(tellError);
}
