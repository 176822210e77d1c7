import { expect, it } from 'vitest';
import { droppableThrough, nearestSnapshot, type StoredStep, snapshotDue } from './history.ts';

function steps(first: number, last: number): StoredStep[] {
  return Array.from({ length: last - first + 1 }, (_, n) => ({ sequence: first + n, bytes: 10 }));
}

const bounds = { stepsPerSnapshot: 3, bytesPerSnapshot: 1000, mostBytes: 50 };

it('asks for a snapshot after so many steps or bytes since the last', () => {
  expect(snapshotDue(steps(1, 3), [], 2, bounds)).toBe(false);
  expect(snapshotDue(steps(1, 3), [], 3, bounds)).toBe(true);
  expect(snapshotDue(steps(1, 3), [1], 3, bounds)).toBe(false);
  expect(snapshotDue(steps(1, 2), [], 2, { ...bounds, bytesPerSnapshot: 20 })).toBe(true);
});

it('drops the oldest steps, but none after the latest snapshot at or before the cursor', () => {
  expect(droppableThrough(steps(1, 5), [3], 5, bounds)).toBe(0);
  expect(droppableThrough(steps(1, 7), [3], 7, bounds)).toBe(2);
  expect(droppableThrough(steps(1, 12), [3], 12, bounds)).toBe(3);
  expect(droppableThrough(steps(1, 12), [3, 9], 5, bounds)).toBe(3);
  expect(droppableThrough(steps(1, 12), [], 12, bounds)).toBe(0);
});

it('starts from the snapshot with the least to replay, on either side of the cursor', () => {
  expect(nearestSnapshot(steps(1, 9), [4, 8], 5)).toBe(4);
  expect(nearestSnapshot(steps(1, 9), [4, 8], 7)).toBe(8);
  expect(nearestSnapshot(steps(1, 9), [8], 2)).toBe(0);
  expect(nearestSnapshot([], [], 0)).toBe(0);
});

it('says when nothing leads to the cursor any more', () => {
  expect(nearestSnapshot(steps(3, 5), [8], 5)).toBeNull();
  expect(nearestSnapshot(steps(3, 8), [8], 5)).toBe(8);
});
