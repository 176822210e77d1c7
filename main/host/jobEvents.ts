/**
 * Every job's changes as one stream, beginning with the present state. Each event is a job's whole state, so a slow reader gets
 * the latest of each instead of a growing queue.
 */
import type { Job } from '#contract/schemas/job.ts';
import type { Jobs } from '../jobs/jobs.ts';

type Step = IteratorResult<Job, undefined>;
const END: Step = { done: true, value: undefined };

/** @param signal ends the stream: the caller went away */
export function jobEvents(jobs: Jobs, signal?: AbortSignal): AsyncIteratorObject<Job, undefined, void> {
  const waitingJobs = new Map(jobs.list().map((job) => [job.id, job]));
  let reader: ((step: Step) => void) | null = null;
  let ended = false;

  const unsubscribe = jobs.subscribe((job) => {
    if (!reader) {
      waitingJobs.set(job.id, job);
      return;
    }
    const resolve = reader;
    reader = null;
    resolve({ done: false, value: job });
  });

  const end = (): void => {
    if (ended) return;
    ended = true;
    unsubscribe();
    signal?.removeEventListener('abort', end);
    waitingJobs.clear();
    reader?.(END);
    reader = null;
  };
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end);

  return {
    async next(): Promise<Step> {
      if (ended) return END;
      for (const [id, job] of waitingJobs) {
        waitingJobs.delete(id);
        return { done: false, value: job };
      }
      return new Promise((resolve) => {
        reader = resolve;
      });
    },
    async return(): Promise<Step> {
      end();
      return END;
    },
    async throw(error: unknown): Promise<Step> {
      end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      end();
    },
  };
}
