import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EditReceipt } from '#contract/schemas/segmentation.ts';
import { CommitQueue, type Saving } from './commitQueue.ts';

/** The host's side of the route, as small as it can be: takes an edit that names its revision, and can be down. */
let host: { revision: number; taken: number[]; isDown: boolean };
let said: Saving[];
let receipts: EditReceipt[];

beforeEach(() => {
  host = { revision: 4, taken: [], isDown: false };
  said = [];
  receipts = [];
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (input: string | Request, init?: RequestInit) => {
    if (host.isDown || typeof input !== 'string') throw new TypeError('fetch failed');
    if (!input.endsWith(`?revision=${host.revision}`)) {
      return Response.json({ code: 'segmentation/conflict', message: 'm', hint: 'h' }, { status: 422 });
    }
    host.revision++;
    const [first = -1] = (init?.body ?? []) as Uint8Array;
    host.taken.push(first);
    return Response.json({ revision: host.revision, segments: [], voxels: {} });
  });
});
afterEach(() => vi.unstubAllGlobals());

function queue(): CommitQueue {
  return new CommitQueue('id', 4, {
    onSaving: (saving) => said.push(saving),
    onReceipt: (receipt) => receipts.push(receipt),
  });
}

it('sends edits in their order, each on the revision that the one before made', async () => {
  const q = queue();
  for (const n of [1, 2, 3]) q.push(Uint8Array.of(n), {});
  expect(said.at(-1)).toMatchObject({ state: 'saving', pending: 3 });
  expect(await q.settled()).toBe(true);
  expect(host.taken).toEqual([1, 2, 3]);
  expect(receipts.map((r) => r.revision)).toEqual([5, 6, 7]);
  expect(said.at(-1)).toEqual({ state: 'saved', pending: 0, error: null });
});

it('keeps what could not be saved and all behind it, and saves them when it is tried again', async () => {
  host.isDown = true;
  const q = queue();
  q.push(Uint8Array.of(1), {});
  expect(await q.settled()).toBe(false);
  q.push(Uint8Array.of(2), {});
  expect(said.at(-1)).toMatchObject({ state: 'failed', pending: 2, error: { code: 'shell/host-lost' } });
  expect(said.some(({ state }) => state === 'saved')).toBe(false);
  host.isDown = false;
  await q.retry();
  expect(await q.settled()).toBe(true);
  expect(host.taken).toEqual([1, 2]);
});

it('tells a conflict and sends nothing more', async () => {
  host.revision = 9;
  const q = queue();
  q.push(Uint8Array.of(1), {});
  q.push(Uint8Array.of(2), {});
  expect(await q.settled()).toBe(false);
  expect(said.at(-1)).toMatchObject({ state: 'failed', pending: 2, error: { code: 'segmentation/conflict' } });
  expect(host.taken).toEqual([]);
});
