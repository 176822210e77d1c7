import { expect, it } from 'vitest';
import { diffLabelmaps } from './delta.ts';
import { applyEdit, type Edit, revertEdit, type SegmentationContent } from './edit.ts';
import { decodeEdit, encodeEdit } from './editPacket.ts';
import { checkEdit } from './editRules.ts';
import { drawing, drawn } from './gridDrawing.ts';
import { countLabels } from './layers.ts';
import {
  addSegmentEdit,
  changeSegmentEdit,
  deleteSegmentEdit,
  newSegment,
  reorderSegmentsEdit,
} from './segmentEdits.ts';

function content(picture: string, numbers: number[], locked: number[] = []): SegmentationContent {
  const layer = drawn(picture);
  const segments = numbers.map((number) => ({ ...newSegment([]), number, locked: locked.includes(number) }));
  const counts = countLabels(layer);
  return { size: layer.size, segments, layers: [layer], voxels: new Map(numbers.map((n) => [n, counts.get(n) ?? 0])) };
}

function painting(from: SegmentationContent, picture: string): Edit {
  const delta = diffLabelmaps(from.layers[0]!, drawn(picture));
  return {
    code: 'brush',
    label: 'Brush',
    source: 'manual',
    segmentsBefore: null,
    segmentsAfter: null,
    deltas: [{ layer: 0, delta }],
  };
}

it('survives its packet, applies, counts and reverts', () => {
  const before = content('.12.', [1, 2]);
  const edit = decodeEdit(encodeEdit(painting(before, '1112')));
  const after = applyEdit(before, edit);
  expect(drawing(after.layers[0]!)).toBe('1112');
  expect(after.voxels).toEqual(new Map([[1, 3], [2, 1]])); // biome-ignore format: one line
  const back = revertEdit(after, edit);
  expect(drawing(back.layers[0]!)).toBe('.12.');
  expect(back.voxels).toEqual(before.voxels);
});

it('deletes a segment together with its voxels, and undo brings both back', () => {
  const before = content('.12.\n1112', [1, 2]);
  const edit = decodeEdit(encodeEdit(deleteSegmentEdit(before, 1)));
  checkEdit(before, edit);
  const after = applyEdit(before, edit);
  expect(drawing(after.layers[0]!)).toBe('..2.\n...2');
  expect(after.segments.map((s) => s.number)).toEqual([2]);
  const back = revertEdit(after, edit);
  expect(drawing(back.layers[0]!)).toBe('.12.\n1112');
  expect(back.voxels).toEqual(before.voxels);
});

it('refuses to touch a locked segment, to replace it or to delete it', () => {
  const before = content('.12.', [1, 2], [2]);
  const locked = expect.objectContaining({ code: 'segmentation/locked' });
  expect(() => checkEdit(before, painting(before, '.11.'))).toThrow(locked);
  expect(() => checkEdit(before, painting(before, '.122'))).toThrow(locked);
  expect(() => deleteSegmentEdit(before, 2)).toThrow(locked);
  checkEdit(before, painting(before, '112.'));
});

it('refuses labels without a segment, and a segment that leaves its voxels behind', () => {
  const before = content('.12.', [1, 2]);
  const bad = expect.objectContaining({ code: 'segmentation/bad-edit' });
  expect(() => checkEdit(before, painting(before, '.123'))).toThrow(bad);
  expect(() => checkEdit(before, { ...deleteSegmentEdit(before, 1), deltas: [] })).toThrow(bad);
  const twice = [...before.segments, before.segments[0]!];
  expect(() => checkEdit(before, { ...reorderSegmentsEdit(before, [2, 1]), segmentsAfter: twice })).toThrow(bad);
});

it('widens a layer when the 256th segment comes, and adds the layer that a segment names', () => {
  let state = content('.1', [1]);
  state = applyEdit(state, addSegmentEdit(state, { ...newSegment(state.segments), number: 256 }));
  expect(state.layers[0]!.voxels).toBeInstanceOf(Uint16Array);
  state = applyEdit(state, addSegmentEdit(state, newSegment(state.segments, { layer: 2 })));
  expect(state.layers).toHaveLength(3);
});

it('does not apply a change of segments that were changed meanwhile', () => {
  const before = content('.1', [1]);
  const rename = changeSegmentEdit(before, 1, { name: 'Liver' });
  const recoloured = applyEdit(before, changeSegmentEdit(before, 1, { color: '#ffffff' }));
  expect(() => applyEdit(recoloured, rename)).toThrow(expect.objectContaining({ code: 'segmentation/delta-mismatch' }));
});

it('refuses a packet that is cut or has a foreign header', () => {
  const packet = encodeEdit(painting(content('.12.', [1, 2]), '1112'));
  for (let length = 0; length < packet.length; length++) {
    expect(() => decodeEdit(packet.slice(0, length))).toThrow(
      expect.objectContaining({ code: 'segmentation/bad-packet' }),
    );
  }
});
