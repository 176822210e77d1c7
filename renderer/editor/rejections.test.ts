import { notifications } from '@mantine/notifications';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { workArrived } from '../app/workOnItsWay.ts';
import { carryOutRejections, dropRejections, rejectedNotice, rejectionsArrived } from './rejections.ts';
import { emptyEditor, useEditor } from './segmentationStore.ts';

/** The host's side: what it was asked, and which segmentations it deleted. */
let asked: unknown[];
let deleted: string[];
let refuses: boolean;

const rejection = (id: string) => ({ id, name: id, at: '' });

beforeEach(() => {
  asked = [];
  deleted = [];
  refuses = false;
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!request.url.endsWith('/segmentations/remove')) throw new TypeError('fetch failed');
    const { json } = await request.json();
    asked.push(json);
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (refuses) return Response.json({ code: 'vault/locked', message: 'm', hint: 'h' }, { status: 422 });
    deleted.push(json.id);
    return Response.json({ json: {} });
  });
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

it('never delete what another window accepted meanwhile: only proposals are asked for', async () => {
  carryOutRejections();
  await rejectionsArrived();
  expect(asked).toEqual([
    { id: 'organs', onlyProposed: true },
    { id: 'vessels', onlyProposed: true },
  ]);
});

it('that the host refuses were asked for once, and hold nobody up', async () => {
  refuses = true;
  carryOutRejections();
  await rejectionsArrived();
  expect(asked).toHaveLength(2);
  await workArrived();
  expect(asked).toHaveLength(2);
  expect(deleted).toEqual([]);
});

it('that were dropped are not carried out', async () => {
  dropRejections(['organs']);
  carryOutRejections();
  await rejectionsArrived();
  expect(deleted).toEqual(['vessels']);
});

it('hide their notice with themselves, whatever the reason', () => {
  const hide = vi.spyOn(notifications, 'hide').mockReturnValue('');
  useEditor.setState({ rejections: [rejection('vessels')] });
  expect(hide.mock.calls).toEqual([[rejectedNotice('organs')]]);
  hide.mockRestore();
});
