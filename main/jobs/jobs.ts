/**
 * Anything longer than 100 ms is a job: progress, cancel, a result or an error, shown in one place. Lives in the host's memory;
 * a reload of the window finds it again through `list` and `watch`.
 */

import { v7 as uuidv7 } from 'uuid';
import type { CoarseLook, Job, JobKind } from '../../contract/schemas/job.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import { vaultFailure } from '../vault/vaultFailure.ts';

export interface JobContext {
  /** Aborted when a person cancels or the vault is locked. */
  readonly signal: AbortSignal;
  progress(done: number, total: number, unit: string, phase: string): void;
}

/** What a job of the host can tell besides. */
export interface HostJobContext extends JobContext {
  /** Shown until the job ends. */
  coarse(look: CoarseLook): void;
}

export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #controllers = new Map<string, AbortController>();
  readonly #settled = new Map<string, Promise<Job>>();
  readonly #listeners = new Set<(job: Job) => void>();

  /** Starts `work` at once. @returns the job's id */
  start(kind: JobKind, title: string, work: (context: HostJobContext) => Promise<unknown>): string {
    const id = uuidv7();
    const controller = new AbortController();
    this.#controllers.set(id, controller);
    this.#update({
      id,
      kind,
      title,
      state: 'running',
      progress: { done: 0, total: 0, unit: '', phase: '' },
      startedAt: new Date().toISOString(),
      finishedAt: null,
      error: null,
      result: null,
    });
    this.#settled.set(id, this.#run(id, controller.signal, work));
    return id;
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  list(): Job[] {
    return [...this.#jobs.values()];
  }

  /** @returns the job once it is done, failed or cancelled @throws job/unknown */
  async settled(id: string): Promise<Job> {
    const promise = this.#settled.get(id);
    if (!promise) throw unknownJob();
    return promise;
  }

  /** @throws job/unknown */
  cancel(id: string): void {
    const controller = this.#controllers.get(id);
    if (!this.#jobs.has(id)) throw unknownJob();
    controller?.abort(cancelled());
  }

  async cancelAll(): Promise<void> {
    for (const controller of this.#controllers.values()) controller.abort(cancelled());
    await Promise.all(this.#settled.values());
  }

  /** Results name files of patients: whoever unlocks next, or looks at a locked vault, is not to read them. */
  forgetFinished(): void {
    for (const [id, { finishedAt }] of this.#jobs) {
      if (finishedAt === null) continue;
      this.#jobs.delete(id);
      this.#settled.delete(id);
    }
  }

  subscribe(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(id: string, signal: AbortSignal, work: (context: HostJobContext) => Promise<unknown>): Promise<Job> {
    const finish = (change: Partial<Job>): Job => {
      this.#controllers.delete(id);
      const { coarse: _, ...job } = this.#require(id);
      return this.#update({ ...job, ...change, finishedAt: new Date().toISOString() });
    };
    try {
      const result = await work({
        signal,
        progress: (done, total, unit, phase) =>
          this.#update({ ...this.#require(id), progress: { done, total, unit, phase } }),
        coarse: (coarse) => this.#update({ ...this.#require(id), coarse }),
      });
      return finish({ state: 'done', result });
    } catch (error) {
      if (signal.aborted) return finish({ state: 'cancelled', error: cancelled().toJSON() });
      return finish({ state: 'failed', error: asLanternError(error).toJSON() });
    }
  }

  #require(id: string): Job {
    const job = this.#jobs.get(id);
    if (!job) throw unknownJob();
    return job;
  }

  #update(job: Job): Job {
    this.#jobs.set(job.id, job);
    for (const listener of this.#listeners) listener(job);
    return job;
  }
}

/** Bugs, and system errors that nobody foresaw, in the shape that a person can be told. */
export function asLanternError(error: unknown): LanternError {
  const known = vaultFailure(error);
  if (known instanceof LanternError) return known;
  return new LanternError(
    'job/unexpected',
    'Something went wrong inside Lantern.',
    'Try again; if it happens again, send the log to support.',
    { cause: error },
  );
}

function cancelled(): LanternError {
  return new LanternError('job/cancelled', 'It was cancelled.', 'Start it again when you want it.');
}

function unknownJob(): LanternError {
  return new LanternError('job/unknown', 'This job is not known any more.', 'Look at the list of jobs.');
}
