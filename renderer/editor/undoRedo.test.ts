import { describe, expect, it } from 'vitest';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import { redoneNext, undoneNext } from './undoRedo.ts';

function loaded(id: string, at: number, redoes: string | null): LoadedSegmentation {
  const size = [1, 1, 1] as const;
  const step = { sequence: 1, code: redoes ?? 'brush', label: redoes ?? 'Brush', at: '', done: redoes === null };
  return {
    ...{ id, name: id, state: id === 'proposal' ? 'proposed' : 'accepted', provenance: null, revision: 0 },
    ...{ history: [step], undoLabel: null, redoLabel: redoes, changedAt: new Date(at).toISOString() },
    content: { size, segments: [], layers: [], voxels: new Map() },
  };
}

const nextOf = (current: LoadedSegmentation | null, proposal: LoadedSegmentation | null) =>
  redoneNext({ current, proposal })?.id ?? null;

it('redoes what is edited, and nothing where nothing was undone', () => {
  expect(nextOf(loaded('edited', 1, 'brush'), null)).toBe('edited');
  expect(nextOf(loaded('edited', 1, null), null)).toBeNull();
  expect(nextOf(null, null)).toBeNull();
});

it('redoes an acceptance that was undone last, also with nothing else to edit', () => {
  const reopened = loaded('proposal', 2, 'proposal/accept');
  expect(nextOf(null, reopened)).toBe('proposal');
  expect(nextOf(loaded('edited', 1, 'brush'), reopened)).toBe('proposal');
});

it('accepts nothing behind a person’s back who went on with another segmentation', () => {
  const reopened = loaded('proposal', 2, 'proposal/accept');
  expect(nextOf(loaded('edited', 3, null), reopened)).toBeNull();
  expect(nextOf(loaded('edited', 3, 'brush'), reopened)).toBe('edited');
});

it('leaves a proposal alone that was never accepted', () => {
  expect(nextOf(null, loaded('proposal', 2, null))).toBeNull();
  expect(nextOf(loaded('edited', 1, 'brush'), loaded('proposal', 2, 'brush'))).toBe('edited');
});

describe('undo after a rejection', () => {
  const at = (second: number) => new Date(second * 1000).toISOString();
  const rejection = (name: string, second: number) => ({ id: name, name, at: at(second) });
  const edited = (second: number): LoadedSegmentation => {
    const step = { sequence: 1, code: 'brush', label: 'Brush', at: at(second), done: true };
    return { ...loaded('edited', second, null), undoLabel: 'Brush', history: [step] };
  };
  const undone = (current: LoadedSegmentation | null, ...rejections: ReturnType<typeof rejection>[]) =>
    undoneNext({ current, rejections });

  it('gives the proposal back where that was done last, or nothing else can be undone', () => {
    expect(undone(edited(1), rejection('Organs', 2))).toMatchObject({
      label: 'Reject Organs',
      rejection: { id: 'Organs' },
    });
    expect(undone(null, rejection('Organs', 2))?.label).toBe('Reject Organs');
    expect(undone(loaded('edited', 3, null), rejection('Organs', 2))?.label).toBe('Reject Organs');
  });

  it('takes back what was edited later first', () => {
    expect(undone(edited(3), rejection('Organs', 2))).toEqual({ label: 'Brush', rejection: null });
  });

  it('of several rejections gives back the last one', () => {
    expect(undone(null, rejection('Organs', 1), rejection('Vessels', 2))?.label).toBe('Reject Vessels');
  });

  it('is nothing where nothing was done', () => {
    expect(undone(null)).toBeNull();
    expect(undone(loaded('edited', 1, null))).toBeNull();
  });
});
