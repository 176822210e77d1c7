import { describe, expect, it } from 'vitest';
import type { Job } from '../../contract/schemas/job.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import { Jobs } from './jobs.ts';

describe('Jobs', () => {
  it('tells every step of a job that succeeds', async () => {
    const jobs = new Jobs();
    const seen: Job[] = [];
    jobs.subscribe((job) => seen.push(job));
    const id = jobs.start('export', 'Export', async ({ progress }) => {
      progress(1, 2, 'files', 'writing');
      return { bytes: 7 };
    });
    const job = await jobs.settled(id);
    expect(job).toMatchObject({ state: 'done', result: { bytes: 7 }, error: null });
    expect(seen.map((j) => `${j.state} ${j.progress.done}`)).toEqual(['running 0', 'running 1', 'done 1']);
  });

  it('ends as cancelled when the work gives up on the signal, and not before', async () => {
    const jobs = new Jobs();
    const id = jobs.start(
      'import',
      'Import',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    jobs.cancel(id);
    expect(await jobs.settled(id)).toMatchObject({ state: 'cancelled', error: { code: 'job/cancelled' } });
  });

  it('keeps what was finished when the cancel comes too late', async () => {
    const jobs = new Jobs();
    const id = jobs.start('import', 'Import', async () => 'stored');
    await jobs.settled(id);
    jobs.cancel(id);
    expect(jobs.get(id)).toMatchObject({ state: 'done', result: 'stored' });
  });

  it('carries an expected failure by its code and hides the inside of an unexpected one', async () => {
    const jobs = new Jobs();
    const expected = await jobs.settled(
      jobs.start('export', 'Export', async () => {
        throw new LanternError('export/empty', 'Nothing to export.', 'Paint something.');
      }),
    );
    expect(expected).toMatchObject({ state: 'failed', error: { code: 'export/empty', hint: 'Paint something.' } });
    const bug = await jobs.settled(
      jobs.start('export', 'Export', async () => {
        throw new TypeError('cannot read Jane Doe');
      }),
    );
    expect(bug).toMatchObject({ state: 'failed', error: { code: 'job/unexpected' } });
    expect(JSON.stringify(bug.error)).not.toContain('Jane');
  });

  it('names a full disk', async () => {
    const jobs = new Jobs();
    const full = await jobs.settled(
      jobs.start('export', 'Export', async () => {
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      }),
    );
    expect(full.error?.code).toBe('disk/full');
  });

  it('refuses a job that it does not know', () => {
    expect(() => new Jobs().cancel('nobody')).toThrow(LanternError);
  });
});
