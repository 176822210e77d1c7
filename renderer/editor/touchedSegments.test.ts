import { expect, it } from 'vitest';
import { diffLabelmaps } from '#core/segmentation/delta.ts';
import { touchedSegments, voxelsTakenFrom } from './touchedSegments.ts';

const row = (digits: string) => ({
  size: [digits.length, 1, 1] as [number, number, number],
  voxels: Uint8Array.from(digits, Number),
});
const edit = { deltas: [{ layer: 0, delta: diffLabelmaps(row('0011122233'), row('4444122440')) }] };

it('names the segments whose voxels change, and no other', () => {
  expect([...touchedSegments(edit)].sort()).toEqual([1, 2, 3, 4]);
  expect(touchedSegments({ deltas: [] })).toEqual(new Set());
});

it('counts what other segments lose to the one that is written', () => {
  expect(voxelsTakenFrom(edit, 4)).toEqual(
    new Map([
      [1, 2],
      [2, 1],
      [3, 1],
    ]),
  );
  expect(voxelsTakenFrom(edit, 1)).toEqual(new Map());
});
