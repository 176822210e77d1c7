import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import { addSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
import { insertTestSeries } from '../segmentations/seriesForTests.ts';
import { createHost } from './createHost.ts';
import { hostCalls } from './hostCalls.ts';
import { VaultSession } from './vaultSession.ts';

const passphrase = 'a quiet lantern at night';
let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lantern-session-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

it('locks after every edit that came before, not in the middle of one', async () => {
  const session = new VaultSession(join(scratch, 'vault'), async () => {});
  await session.create({ name: 'Clinic', userName: 'Dr Test', passphrase });
  const geometry = plainGeometry([64, 64, 64]);
  const { size } = geometry;
  const { vault, segmentations } = session.require();
  const seriesId = insertTestSeries(vault);
  const segments = [newSegment([])];
  const layers = [{ size, voxels: new Uint8Array(64 ** 3).fill(1) }];
  const request = { seriesId, name: 'Drawn', geometry, state: 'accepted', origin: 'manual', provenance: null } as const;
  const { id } = await segmentations.addResult({ ...request, segments, layers });
  await session.lock();

  await session.unlock(passphrase);
  const add = addSegmentEdit({ size, segments, layers, voxels: new Map([[1, 64 ** 3]]) }, newSegment(segments));
  // It has to read the layers first: the lock finds it half way.
  const edit = session.require().segmentations.commit(id, 0, encodeEdit(add));
  const locking = session.lock();
  expect((await edit).revision).toBe(1);
  expect((await locking).state).toBe('locked');

  await session.unlock(passphrase);
  expect(await session.require().segmentations.get(id)).toMatchObject({ revision: 1, segments: [{}, {}] });
  await session.lock();
});

it('forgets with the lock what jobs brought: their results name the files of patients', async () => {
  const host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: [] });
  const { call } = hostCalls(() => host);
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase });
  await host.jobs.settled(host.jobs.start('import', 'Import', async () => ({ files: [{ path: 'MUSTERMANN/IM1' }] })));
  expect((await call('jobs/list', undefined))['jobs']).toHaveLength(1);
  await call('vault/lock', undefined);
  expect((await call('jobs/list', undefined))['jobs']).toEqual([]);
  await host.close();
});
