import { expect, it } from 'vitest';
import { acceptEdit, isAcceptance } from './acceptEdit.ts';
import { applyEdit, revertEdit, type SegmentationContent } from './edit.ts';
import { checkEdit } from './editRules.ts';
import { newSegment } from './segmentEdits.ts';

/** Four segments; the fourth lies in a layer of its own, over the others. */
function proposal(): SegmentationContent {
  const segments: ReturnType<typeof newSegment>[] = [];
  for (const name of ['Liver', 'Spleen', 'Left lung']) segments.push(newSegment(segments, { name }));
  const all = [...segments, newSegment(segments, { name: 'Tumour', layer: 1 })];
  const size = [6, 2, 1] as const;
  const layers = [
    { size, voxels: Uint8Array.of(1, 1, 2, 2, 3, 0, 1, 2, 2, 0, 3, 3) },
    { size, voxels: Uint8Array.of(0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
  ];
  return {
    size,
    segments: all,
    layers,
    voxels: new Map([
      [1, 3],
      [2, 4],
      [3, 3],
      [4, 2],
    ]),
  };
}

it('takes what was not chosen away with its voxels, in every layer, and leaves the rest as it is', () => {
  const content = proposal();
  const edit = acceptEdit(content, [3, 1]);
  checkEdit(content, edit);
  const after = applyEdit(content, edit);
  expect(after.segments.map(({ name }) => name)).toEqual(['Liver', 'Left lung']);
  expect([...after.layers[0]!.voxels]).toEqual([1, 1, 0, 0, 3, 0, 1, 0, 0, 0, 3, 3]);
  expect([...after.layers[1]!.voxels]).toEqual(new Array(12).fill(0));
  expect([...after.voxels]).toEqual([
    [1, 3],
    [3, 3],
  ]);
  expect(edit.label).toBe('Accept Liver, Left lung');
});

it('is reverted exactly', () => {
  const content = proposal();
  const edit = acceptEdit(content, [2]);
  const back = revertEdit(applyEdit(content, edit), edit);
  expect(back).toEqual(proposal());
});

it('changes no voxel and no segment when all are kept', () => {
  for (const kept of [undefined, [1, 2, 3, 4]]) {
    const edit = acceptEdit(proposal(), kept);
    expect(edit).toMatchObject({ segmentsBefore: null, segmentsAfter: null, deltas: [] });
    expect(applyEdit(proposal(), edit)).toEqual(proposal());
  }
});

it('is named for what the person accepted', () => {
  const labelOf = (kept?: number[]) => acceptEdit(proposal(), kept).label;
  expect(labelOf([1])).toBe('Accept Liver');
  expect(labelOf([1, 3])).toBe('Accept Liver, Left lung');
  expect(labelOf([1, 2, 3])).toBe('Accept 3 of 4 segments');
  expect(labelOf()).toBe('Accept all 4 segments');
  expect(acceptEdit({ ...proposal(), segments: [] }).label).toBe('Accept the proposal');
});

it('is known by its code, also where an earlier build named it', () => {
  expect(isAcceptance(acceptEdit(proposal()).code)).toBe(true);
  expect(isAcceptance('segment/reject')).toBe(true);
  expect(isAcceptance('segment/delete')).toBe(false);
});

it('refuses an empty choice and a segment that is not there', () => {
  const codeOf = (kept: number[]) => {
    try {
      return acceptEdit(proposal(), kept);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(codeOf([])).toBe('segmentation/nothing-chosen');
  expect(codeOf([1, 9])).toBe('segmentation/unknown-segment');
});
