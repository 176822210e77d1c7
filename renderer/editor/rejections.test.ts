import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { workArrived } from '../app/workOnItsWay.ts';
import { carryOutRejections, rejectionsArrived } from './rejections.ts';
import { emptyEditor, useEditor } from './segmentationStore.ts';

/** The host's side: which segmentations it was told to delete. */
let deleted: string[];
let refuses: boolean;

beforeEach(() => {
  deleted = [];
  refuses = false;
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!request.url.endsWith('/segmentations/remove')) throw new TypeError('fetch failed');
    const { json } = await request.json();
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (refuses) return Response.json({ code: 'vault/locked', message: 'm', hint: 'h' }, { status: 422 });
    deleted.push(json.id);
    return Response.json({ json: {} });
  });
  const rejection = (id: string) => ({ id, name: id, at: '', leftOut: new Set<number>() });
  useEditor.setState({ ...emptyEditor, rejections: [rejection('organs'), rejection('vessels')] });
});
afterEach(() => vi.unstubAllGlobals());

it('are kept with the host until the case is left, and then deleted once', async () => {
  await rejectionsArrived();
  expect(deleted).toEqual([]);
  carryOutRejections();
  carryOutRejections();
  expect(useEditor.getState().rejections).toEqual([]);
  await rejectionsArrived();
  expect(deleted).toEqual(['organs', 'vessels']);
});

it('are waited for by whoever locks or closes', async () => {
  await workArrived();
  expect(deleted).toEqual(['organs', 'vessels']);
});

it('that the host refuses are left as they are', async () => {
  refuses = true;
  carryOutRejections();
  await expect(rejectionsArrived()).resolves.toBeUndefined();
});
