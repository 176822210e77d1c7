import { expect, it } from 'vitest';
import { applyEdit, revertEdit, type SegmentationContent } from './edit.ts';
import { checkEdit } from './editRules.ts';
import { keepSegmentsEdit } from './keepSegmentsEdit.ts';
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
  const edit = keepSegmentsEdit(content, [3, 1]);
  if (!edit) throw new Error('nothing was rejected');
  checkEdit(content, edit);
  const after = applyEdit(content, edit);
  expect(after.segments.map(({ name }) => name)).toEqual(['Liver', 'Left lung']);
  expect([...after.layers[0]!.voxels]).toEqual([1, 1, 0, 0, 3, 0, 1, 0, 0, 0, 3, 3]);
  expect([...after.layers[1]!.voxels]).toEqual(new Array(12).fill(0));
  expect([...after.voxels]).toEqual([
    [1, 3],
    [3, 3],
  ]);
  expect(edit.label).toBe('Reject Spleen, Tumour');
});

it('is reverted exactly', () => {
  const content = proposal();
  const edit = keepSegmentsEdit(content, [2]);
  if (!edit) throw new Error('nothing was rejected');
  expect(edit.label).toBe('Reject Liver, Left lung and 1 more');
  const back = revertEdit(applyEdit(content, edit), edit);
  expect(back).toEqual(proposal());
});

it('changes nothing when all are kept', () => expect(keepSegmentsEdit(proposal(), [1, 2, 3, 4])).toBeNull());

it('refuses an empty choice and a segment that is not there', () => {
  const codeOf = (kept: number[]) => {
    try {
      return keepSegmentsEdit(proposal(), kept);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(codeOf([])).toBe('segmentation/nothing-chosen');
  expect(codeOf([1, 9])).toBe('segmentation/unknown-segment');
});
