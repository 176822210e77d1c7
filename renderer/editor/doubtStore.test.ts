import { expect, it } from 'vitest';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { listedPlaces } from './doubtStore.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';

const LIVER = 1;
const SPLEEN = 2;
const place = (...values: number[]) => ({
  ...{ centreLps: [0, 0, 0] as [number, number, number], doubtMl: 1, peak: 1, voxels: 9 },
  classes: values.map((value) => ({ value, name: String(value) })),
});
const places = [place(LIVER, 0), place(SPLEEN, LIVER), place(SPLEEN, 0)];

function organs(state: 'proposed' | 'accepted'): LoadedSegmentation {
  const segments = [LIVER, SPLEEN].map((number) => ({ ...newSegment([]), number, origin: 'model' as const }));
  return {
    ...{
      id: 'organs',
      name: 'Organs',
      state,
      revision: 0,
      history: [],
      undoLabel: null,
      redoLabel: null,
      changedAt: '',
    },
    provenance: {} as NonNullable<LoadedSegmentation['provenance']>,
    content: { size: [1, 1, 1], segments, layers: [], voxels: new Map() },
  };
}
const leftOut = (numbers: number[]) => new Map([['organs', new Set(numbers)]]);
const listed = (state: Parameters<typeof listedPlaces>[1]) => listedPlaces(places, state).map(({ index }) => index);

it('lists no place of what is not ticked in the proposal', () => {
  const proposal = organs('proposed');
  expect(listed({ proposal, current: null, leftOut: new Map() })).toEqual([0, 1, 2]);
  expect(listed({ proposal, current: null, leftOut: leftOut([SPLEEN]) })).toEqual([0, 1]);
  expect(listed({ proposal, current: null, leftOut: leftOut([LIVER, SPLEEN]) })).toEqual([]);
});

it('does not take the ticks of a proposal for those of what was accepted', () => {
  expect(listed({ proposal: null, current: organs('accepted'), leftOut: leftOut([SPLEEN]) })).toEqual([0, 1, 2]);
});
