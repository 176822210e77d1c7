/**
 * All jobs that a person can see: the host's, as watchJobs.worker.ts tells them, and this window's own (uploads).
 * Next: JobStatus.tsx shows them, jobNotices.ts tells how they ended.
 */
import { create } from 'zustand';
import type { Job, JobKind } from '#contract/schemas/job.ts';
import { rpc } from './client.ts';
import { onJobStarted, tellFailure, tellReached } from './connection.ts';
import { errorOf, isAbort } from './errorOf.ts';
import { isSamePhase } from './timeLeft.ts';

export interface ShownJob extends Job {
  /** When its present phase began, for the time left; milliseconds since 1970. */
  readonly phaseSince: number;
  /** What was done by then of its total. */
  readonly phaseFrom: number;
}

export interface JobContext {
  readonly signal: AbortSignal;
  progress(done: number, total: number, unit: string, phase: string): void;
}

interface Jobs {
  readonly jobs: ReadonlyMap<string, ShownJob>;
  /** Watches the host's jobs as long as the window is there; to be called once. */
  watch(): void;
  cancel(id: string): Promise<void>;
  /** A job of this window (an upload), shown like the host's. @throws what `work` throws, after it was told */
  runHere<T>(kind: JobKind, title: string, work: (context: JobContext) => Promise<T>): Promise<T>;
  /** Forgets everything: the vault was locked. */
  clear(): void;
}

type Finished = (job: ShownJob) => void;

const finishedListeners = new Set<Finished>();
/** Started by this window, and not ended yet. */
const awaited = new Set<string>();
/** Those whose end was told. */
const ended = new Set<string>();
const ownControllers = new Map<string, AbortController>();
let watcher: Worker | null = null;

/** What the worker tells. */
export type WatchMessage = { kind: 'job'; job: Job } | { kind: 'reached' } | { kind: 'lost' };

export const useJobs = create<Jobs>()((set) => ({
  jobs: new Map(),

  watch() {
    if (watcher) return;
    watcher = new Worker(new URL('./watchJobs.worker.ts', import.meta.url), { type: 'module' });
    watcher.addEventListener('message', ({ data }: MessageEvent<WatchMessage>) => {
      if (data.kind === 'job') put(data.job);
      else if (data.kind === 'reached') tellReached();
      else tellFailure('shell/host-lost');
    });
  },
  async cancel(id) {
    const own = ownControllers.get(id);
    if (own) own.abort(new DOMException('cancelled', 'AbortError'));
    else await rpc.jobs.cancel({ id });
  },
  runHere,
  clear() {
    awaited.clear();
    for (const controller of ownControllers.values()) controller.abort(new DOMException('locked', 'AbortError'));
    set({ jobs: new Map() });
  },
}));

onJobStarted((jobId) => {
  if (ended.has(jobId)) return;
  awaited.add(jobId);
  // A quick job may have ended before the answer to its start was read.
  const job = useJobs.getState().jobs.get(jobId);
  if (job) put(job);
});

/** Called once for every job that ends while this window looks on. @returns the way to stop listening */
export function onJobFinished(listener: Finished): () => void {
  finishedListeners.add(listener);
  return () => finishedListeners.delete(listener);
}

/** Resolves when the job has ended, however it did. */
export function jobFinished(jobId: string): Promise<ShownJob> {
  const known = useJobs.getState().jobs.get(jobId);
  if (known && !isActive(known)) return Promise.resolve(known);
  return new Promise((resolve) => {
    const stop = onJobFinished((job) => {
      if (job.id !== jobId) return;
      stop();
      resolve(job);
    });
  });
}

export function isActive(job: Job): boolean {
  return job.state === 'running' || job.state === 'queued';
}

/** @returns the active ones, oldest first */
export function activeJobs(jobs: ReadonlyMap<string, ShownJob>): ShownJob[] {
  return [...jobs.values()].filter(isActive).sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

async function runHere<T>(kind: JobKind, title: string, work: (context: JobContext) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const id = `here-${crypto.randomUUID()}`;
  ownControllers.set(id, controller);
  let job: Job = {
    ...{ id, kind, title, state: 'running', error: null, result: null },
    progress: { done: 0, total: 0, unit: '', phase: '' },
    startedAt: new Date().toISOString(),
    finishedAt: null,
  };
  const change = (fields: Partial<Job>) => {
    job = { ...job, ...fields };
    put(job);
  };
  put(job);
  try {
    const result = await work({
      signal: controller.signal,
      progress: (done, total, unit, phase) => change({ progress: { done, total, unit, phase } }),
    });
    change({ state: 'done', finishedAt: new Date().toISOString() });
    return result;
  } catch (error) {
    const cancelled = controller.signal.aborted || isAbort(error);
    change({ state: cancelled ? 'cancelled' : 'failed', error: cancelled ? null : errorOf(error).toJSON() });
    throw error;
  } finally {
    ownControllers.delete(id);
  }
}

function put(job: Job): void {
  const { jobs } = useJobs.getState();
  const before = jobs.get(job.id);
  const { phaseSince, phaseFrom } =
    before && isSamePhase(before.progress, job.progress)
      ? before
      : { phaseSince: Date.now(), phaseFrom: job.progress.done };
  const shown: ShownJob = { ...job, phaseSince, phaseFrom };
  useJobs.setState({ jobs: new Map(jobs).set(job.id, shown) });
  const wasExpected = awaited.has(job.id) || (before !== undefined && isActive(before));
  if (isActive(job) || !wasExpected) return;
  awaited.delete(job.id);
  ended.add(job.id);
  for (const listener of finishedListeners) listener(shown);
}
