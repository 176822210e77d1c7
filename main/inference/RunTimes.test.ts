import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunTimes } from './RunTimes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-times-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = { networkVoxels: 1000, seriesVoxels: 500, networkSeconds: 10, seconds: 15 };

it('knows a network’s pace after its first run, also in the next start of the program', async () => {
  const times = new RunTimes(folder);
  expect(await times.paceOf('abc', 'cpu')).toBeNull();
  await times.learn('abc', 'cpu', run);
  const expected = { networkSecondsPerVoxel: 0.01, otherSecondsPerVoxel: 0.01, runs: 1 };
  expect(await times.paceOf('abc', 'cpu')).toEqual(expected);
  expect(await new RunTimes(folder).paceOf('abc', 'cpu')).toEqual(expected);
  expect(await times.paceOf('abc', 'webgpu')).toBeNull();
  expect(await new RunTimes(folder).usualOtherSecondsPerVoxel()).toBe(0.01);
});

it('moves towards the newest runs without being thrown by one', async () => {
  const times = new RunTimes(null);
  await times.learn('abc', 'cpu', run);
  await times.learn('abc', 'cpu', { ...run, networkSeconds: 20, seconds: 20 });
  const pace = await times.paceOf('abc', 'cpu');
  expect(pace?.networkSecondsPerVoxel).toBeCloseTo(0.014);
  expect(pace?.otherSecondsPerVoxel).toBeCloseTo(0.006);
  expect(pace?.runs).toBe(2);
});

it('keeps runs that end together, and what it learnt of the machine beside them', async () => {
  const times = new RunTimes(folder);
  await Promise.all([times.learn('a', 'cpu', run), times.learnSpeed(1e11), times.learn('b', 'cpu', run)]);
  const again = new RunTimes(folder);
  expect(await Promise.all([again.paceOf('a', 'cpu'), again.paceOf('b', 'cpu')])).toMatchObject([
    { runs: 1 },
    { runs: 1 },
  ]);
  expect(await again.operationsPerSecond()).toBe(1e11);
});

it('starts anew where its file is damaged', async () => {
  await new RunTimes(folder).learn('abc', 'cpu', run);
  const [file = ''] = readdirSync(folder);
  writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').slice(0, 40));
  const times = new RunTimes(folder);
  expect(await times.paceOf('abc', 'cpu')).toBeNull();
  await times.learn('abc', 'cpu', run);
  expect(await new RunTimes(folder).paceOf('abc', 'cpu')).toMatchObject({ runs: 1 });
});
