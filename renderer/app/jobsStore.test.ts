import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '#contract/schemas/job.ts';
import { tellJobStarted } from './connection.ts';
import { activeJobs, jobFinished, onJobFinished, useJobs, type WatchMessage } from './jobsStore.ts';
import { secondsLeft } from './timeLeft.ts';

/** In the place of the browser's Worker: the test says what the stream tells. */
class StreamStandIn {
  static last: StreamStandIn;
  #listener: (event: { data: WatchMessage }) => void = () => {};
  constructor() {
    StreamStandIn.last = this;
  }
  addEventListener(_kind: string, listener: (event: { data: WatchMessage }) => void): void {
    this.#listener = listener;
  }
  tell(job: Job): void {
    this.#listener({ data: { kind: 'job', job } });
  }
}
vi.stubGlobal('Worker', StreamStandIn);
useJobs.getState().watch();

const job = (id: string, state: Job['state'], done = 0): Job => ({
  ...{ id, kind: 'demo', title: 'Demonstration', state, error: null, result: null },
  progress: { done, total: 10, unit: 'slices', phase: 'writing' },
  startedAt: '2026-11-25T10:00:00Z',
  finishedAt: null,
});
const tell = (...jobs: Job[]) => {
  for (const each of jobs) StreamStandIn.last.tell(each);
};
const endings = () => {
  const told: string[] = [];
  return { told, stop: onJobFinished(({ id, state }) => told.push(`${id} ${state}`)) };
};

beforeEach(() => useJobs.getState().clear());

describe('jobs of the host', () => {
  it('tells the end of a job once', () => {
    const { told, stop } = endings();
    tell(job('a', 'running'), job('a', 'running', 5), job('a', 'done'), job('a', 'done'));
    stop();
    expect(told).toEqual(['a done']);
  });

  it('does not tell what had ended before the window was there', () => {
    const { told, stop } = endings();
    tell(job('b', 'failed'));
    stop();
    expect(told).toEqual([]);
    expect(useJobs.getState().jobs.get('b')?.state).toBe('failed');
  });

  it('tells a job that ended before the answer to its start was read', () => {
    const { told, stop } = endings();
    tell(job('c', 'done'));
    tellJobStarted('c');
    stop();
    expect(told).toEqual(['c done']);
  });

  it('keeps when the phase began, and lets a new phase begin anew', () => {
    vi.useFakeTimers({ now: 1000 });
    tell(job('d', 'running', 1));
    vi.setSystemTime(5000);
    tell(job('d', 'running', 2));
    expect(useJobs.getState().jobs.get('d')?.phaseSince).toBe(1000);
    tell({ ...job('d', 'running', 1), progress: { done: 1, total: 4, unit: 'files', phase: 'reading' } });
    expect(useJobs.getState().jobs.get('d')?.phaseSince).toBe(5000);
    vi.useRealTimers();
  });

  it('has a pace for the time left of a network, which tells another phase with each window', () => {
    vi.useFakeTimers({ now: 1000 });
    const run = (done: number, phase: string): Job => ({
      ...job('n', 'running'),
      progress: { done, total: 10, unit: 'windows', phase: `Running the network${phase}` },
    });
    tell(run(1, ''));
    vi.setSystemTime(5000);
    tell(run(3, ', about 14 s left'));
    const shown = useJobs.getState().jobs.get('n');
    expect(shown && secondsLeft(shown, 5000)).toBe(14);
    vi.useRealTimers();
  });

  it('lets a caller wait for the end', async () => {
    tellJobStarted('e');
    const end = jobFinished('e');
    tell(job('e', 'running'), job('e', 'cancelled'));
    expect((await end).state).toBe('cancelled');
    expect((await jobFinished('e')).state).toBe('cancelled');
  });
});

describe('jobs of this window', () => {
  const { runHere, cancel } = useJobs.getState();

  it('are shown while they run and give their result', async () => {
    const result = await runHere('import', 'Reading files', async ({ progress }) => {
      progress(3, 10, 'files', '');
      expect(activeJobs(useJobs.getState().jobs).map(({ progress: { done } }) => done)).toEqual([3]);
      return 42;
    });
    expect(result).toBe(42);
    expect(activeJobs(useJobs.getState().jobs)).toEqual([]);
  });

  it('end as cancelled when a person cancels, and as failed otherwise', async () => {
    const { told, stop } = endings();
    const cancelled = runHere('import', 'Reading files', async ({ signal }) => {
      const [active] = activeJobs(useJobs.getState().jobs);
      await cancel(active?.id ?? '');
      signal.throwIfAborted();
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    await expect(runHere('import', 'Reading', () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    stop();
    expect(told.map((each) => each.split(' ')[1])).toEqual(['cancelled', 'failed']);
  });
});
