import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyLabelmap } from '#core/segmentation/labelmap.ts';
import { addSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
import { workArrived } from '../app/workOnItsWay.ts';
import { saveLeftEdits } from './leftEdits.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import { commitEdit, edit, emptyEditor, hasUnsavedWork, useEditor } from './segmentationStore.ts';

/** The host's side of the edits' route: takes them, or refuses with a code. */
let host: { taken: number; refusesWith: string | null };

beforeEach(() => {
  host = { taken: 0, refusesWith: null };
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (input: string | Request) => {
    if (typeof input !== 'string' || !input.includes('/edits')) throw new TypeError('fetch failed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (host.refusesWith) return Response.json({ code: host.refusesWith, message: 'm', hint: 'h' }, { status: 422 });
    host.taken++;
    return Response.json({ revision: host.taken, segments: [], voxels: {} });
  });
});
afterEach(() => vi.unstubAllGlobals());

function openAndDraw(seriesId: string): void {
  const size = [2, 2, 1] as const;
  const content = { size, segments: [], layers: [emptyLabelmap(size)], voxels: new Map<number, number>() };
  const loaded: LoadedSegmentation = {
    ...{ id: `of ${seriesId}`, name: 'Drawn', state: 'accepted', provenance: null },
    ...{ revision: 0, history: [], undoLabel: null, redoLabel: null, changedAt: '', content },
  };
  useEditor.setState({ ...emptyEditor, seriesId, loading: 'ready' });
  edit(loaded);
  expect(commitEdit(addSegmentEdit(content, newSegment([])))).toBe(true);
}

it('are waited for by whoever locks or closes, also when the case is left at once', async () => {
  openAndDraw('a');
  edit(null);
  expect(host.taken).toBe(0);
  await workArrived();
  expect(host.taken).toBe(1);
  expect(hasUnsavedWork()).toBe(false);
});

it.each(['disk/full', 'vault/locked'])(
  'that failed with %s are kept, and saved when the series is opened again',
  async (code) => {
    host.refusesWith = code;
    openAndDraw('a');
    edit(null);
    await workArrived();
    expect(hasUnsavedWork()).toBe(true);
    await expect(saveLeftEdits('a')).rejects.toMatchObject({ code });
    // Another series opens all the same.
    expect(await saveLeftEdits('b')).toBeNull();
    host.refusesWith = null;
    expect(await saveLeftEdits('a')).toBeNull();
    expect(host.taken).toBe(1);
    expect(hasUnsavedWork()).toBe(false);
  },
);

it('that the host will never take are dropped, and it is told', async () => {
  host.refusesWith = 'segmentation/conflict';
  openAndDraw('a');
  edit(null);
  expect(await saveLeftEdits('a')).toMatchObject({ code: 'segmentation/conflict' });
  expect(hasUnsavedWork()).toBe(false);
});

it('are given up when a person loads what is stored', async () => {
  host.refusesWith = 'disk/full';
  openAndDraw('a');
  await workArrived();
  edit(null, { givesUp: true });
  await workArrived();
  expect(hasUnsavedWork()).toBe(false);
});
