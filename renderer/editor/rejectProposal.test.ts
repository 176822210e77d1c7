import { notifications } from '@mantine/notifications';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { leftOutOfProposal } from './leftOut.ts';
import { acceptProposal, chooseSegmentation, closeEditor, openEditor, refreshList } from './openEditor.ts';
import { rejectionsArrived } from './rejections.ts';
import { rejectProposal } from './rejectProposal.tsx';
import { chooseOfProposal, useEditor } from './segmentationStore.ts';
import { undo, undoneNext } from './undoRedo.ts';

/** The host: its segmentations in the order they were made, what it was asked to accept or delete, and answers that it holds back. */
let host: {
  segmentations: Map<string, SegmentationDetail>;
  asked: string[];
  held: Map<string, Promise<void>>;
};

const LIVER = 1;
const SPLEEN = 2;

beforeEach(async () => {
  host = { segmentations: new Map(), asked: [], held: new Map() };
  for (const id of ['vessels', 'organs']) host.segmentations.set(id, made(id));
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', answer);
  vi.spyOn(notifications, 'show').mockReturnValue('');
  await openEditor('series');
  expect(state().proposal?.id).toBe('organs');
});
afterEach(async () => {
  closeEditor();
  await rejectionsArrived();
  useEditor.setState({ leftOut: new Map() });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const state = () => useEditor.getState();
const shownInNotices = () => vi.mocked(notifications.show).mock.calls.map(([{ message }]) => message);
const rejectedNow = () => state().rejections.map(({ id }) => id);

function made(id: string): SegmentationDetail {
  const segments = [LIVER, SPLEEN].map((number) => ({ ...newSegment([]), number, name: `Segment ${number}` }));
  return {
    ...{ id, seriesId: 'series', name: id, origin: 'model', provenance: null, layers: [], segments, voxels: {} },
    ...{ state: 'proposed', revision: 0, undoLabel: null, redoLabel: null, savedAt: '2026-01-01T00:00:00.000Z' },
    geometry: { size: [1, 1, 1] },
  } as unknown as SegmentationDetail;
}

/** As another window does it, too. */
function acceptOnHost(id: string): SegmentationDetail | undefined {
  const before = host.segmentations.get(id);
  if (before) host.segmentations.set(id, { ...before, state: 'accepted', undoLabel: 'Accept' });
  return host.segmentations.get(id);
}

/** @param call a procedure, perhaps with the id that it is asked for @returns the way to let its answers through */
function hold(call: string): () => void {
  let release = () => {};
  host.held.set(
    call,
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  return () => {
    host.held.delete(call);
    release();
  };
}

async function answer(request: Request): Promise<Response> {
  const path = request.url.replace(/^.*\/rpc\//, '');
  const { id } = (await request.json()).json;
  const { signal } = request;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  await Promise.race([host.held.get(path) ?? host.held.get(`${path} ${id}`), aborted]);
  const found = host.segmentations.get(id);
  switch (path) {
    case 'series/get':
      return Response.json({ json: { series: { id, segmentations: [...host.segmentations.values()] } } });
    case 'segmentations/history':
      return Response.json({ json: { steps: [] } });
    case 'segmentations/get':
      return found ? Response.json({ json: found }) : refusal('segmentation/unknown');
    case 'segmentations/accept':
      host.asked.push(`accept ${id}`);
      return Response.json({ json: acceptOnHost(id) });
    case 'segmentations/remove':
      host.asked.push(`remove ${id}`);
      return Response.json({ json: { ok: true } });
    default:
      throw new TypeError('fetch failed');
  }
}

function refusal(code: string): Response {
  const data = { code, message: `refused: ${code}`, hint: 'h' };
  const status = 422;
  return Response.json({ json: { defined: true, code: 'LANTERN', status, message: code, data } }, { status });
}

describe('a rejection', () => {
  it('is not possible while the acceptance is on its way', async () => {
    const release = hold('segmentations/accept');
    const accepting = acceptProposal();
    await rejectProposal();
    expect(rejectedNow()).toEqual([]);
    release();
    await accepting;
    expect(state()).toMatchObject({ current: { id: 'organs' }, proposal: { id: 'vessels' }, isMoving: false });
    closeEditor();
    await rejectionsArrived();
    expect(host.asked).toEqual(['accept organs']);
  });

  it('is not possible while undo or redo is on its way', async () => {
    useEditor.setState({ isMoving: true });
    await rejectProposal();
    expect(state().proposal?.id).toBe('organs');
    expect(rejectedNow()).toEqual([]);
  });

  it('is dropped when its proposal is found accepted, which is listed again', async () => {
    await rejectProposal();
    await refreshList();
    expect(state().list.map(({ id }) => id)).toEqual(['vessels']);
    acceptOnHost('organs');
    await refreshList();
    expect(state().list.map(({ id }) => id)).toEqual(['vessels', 'organs']);
    expect(rejectedNow()).toEqual([]);
    closeEditor();
    await rejectionsArrived();
    expect(host.asked).toEqual([]);
  });

  it('is dropped when its proposal becomes what is edited', async () => {
    await rejectProposal();
    acceptOnHost('organs');
    // Nothing but the editor sees it: the list does not come.
    hold('series/get');
    void chooseSegmentation('organs');
    await vi.waitFor(() => expect(state().current?.id).toBe('organs'));
    expect(rejectedNow()).toEqual([]);
  });

  it('tells nothing when the case is left before the next proposal has come', async () => {
    hold('segmentations/get');
    const rejecting = rejectProposal();
    await new Promise((resolve) => setTimeout(resolve, 20));
    closeEditor();
    await rejecting;
    expect(state().error).toBeNull();
  });
});

describe('undo of a rejection', () => {
  it('of what another window deleted says so once, and then goes on to what was done before', async () => {
    await rejectProposal();
    await rejectProposal();
    expect(rejectedNow()).toEqual(['organs', 'vessels']);
    host.segmentations.delete('vessels');
    await undo();
    expect(state().error?.code).toBe('segmentation/unknown');
    expect(rejectedNow()).toEqual(['organs']);
    await undo();
    expect(state().proposal?.id).toBe('organs');
    expect(undoneNext(state())).toBeNull();
  });

  it('keeps it where the host could not be asked', async () => {
    await rejectProposal();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await undo();
    expect(state().error?.code).toBe('shell/host-lost');
    expect(rejectedNow()).toEqual(['organs']);
  });

  it('of what another window accepted brings it into the editor, not back as a proposal, and says why', async () => {
    await rejectProposal();
    acceptOnHost('organs');
    await undo();
    expect(state()).toMatchObject({ current: { id: 'organs', state: 'accepted' }, proposal: { id: 'vessels' } });
    expect(rejectedNow()).toEqual([]);
    expect(shownInNotices().at(-1)).toMatch(/organs.* was accepted in another window/);
  });

  it('keeps the ticks of both proposals, whichever is shown', async () => {
    chooseOfProposal([LIVER], false);
    await rejectProposal();
    expect(leftOutOfProposal(state())).toEqual(new Set());
    chooseOfProposal([SPLEEN], false);
    await undo();
    expect(state().proposal?.id).toBe('organs');
    expect(leftOutOfProposal(state())).toEqual(new Set([LIVER]));
    await acceptProposal();
    expect(state().proposal?.id).toBe('vessels');
    expect(leftOutOfProposal(state())).toEqual(new Set([SPLEEN]));
  });

  it('stays in sight when the next proposal comes after it', async () => {
    const release = hold('segmentations/get vessels');
    const rejecting = rejectProposal();
    await vi.waitFor(() => expect(state().list).toHaveLength(1));
    await undo();
    release();
    await rejecting;
    expect(state().proposal?.id).toBe('organs');
  });
});

it('what is not ticked stays so when the case is left and opened again', async () => {
  chooseOfProposal([SPLEEN], false);
  closeEditor();
  expect(state().proposal).toBeNull();
  await openEditor('series');
  expect(state().proposal?.id).toBe('organs');
  expect([...leftOutOfProposal(state())]).toEqual([SPLEEN]);
});
