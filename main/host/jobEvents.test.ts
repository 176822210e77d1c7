import { describe, expect, it } from 'vitest';
import { Jobs } from '../jobs/jobs.ts';
import { jobEvents } from './jobEvents.ts';

describe('jobEvents', () => {
  it('begins with the present state of every job, then tells each change', async () => {
    const jobs = new Jobs();
    let finish = (): void => undefined;
    const id = jobs.start('import', 'Import', (context) => {
      context.progress(1, 2, 'files', 'reading');
      return new Promise((resolve) => {
        finish = () => resolve('all');
      });
    });
    const events = jobEvents(jobs);
    expect((await events.next()).value).toMatchObject({ id, state: 'running', progress: { done: 1, total: 2 } });
    const next = events.next();
    finish();
    expect((await next).value).toMatchObject({ id, state: 'done', result: 'all' });
  });

  it('gives a slow reader the latest state of a job instead of a queue', async () => {
    const jobs = new Jobs();
    const events = jobEvents(jobs);
    const id = jobs.start('import', 'Import', async (context) => {
      for (let n = 1; n <= 1000; n++) context.progress(n, 1000, 'files', 'reading');
    });
    await jobs.settled(id);
    expect((await events.next()).value).toMatchObject({ state: 'done', progress: { done: 1000 } });
    let isMore = false;
    void events.next().then(() => {
      isMore = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isMore).toBe(false);
  });

  it('ends a waiting reader when it is returned, and when its caller goes away', async () => {
    const jobs = new Jobs();
    const returned = jobEvents(jobs);
    const waiting = returned.next();
    await returned.return?.(undefined);
    expect(await waiting).toEqual({ done: true, value: undefined });
    const gone = new AbortController();
    const abandoned = jobEvents(jobs, gone.signal).next();
    gone.abort();
    expect(await abandoned).toEqual({ done: true, value: undefined });
  });
});
