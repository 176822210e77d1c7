import { expect, it } from 'vitest';
import { maskLoss } from './maskLoss.ts';

const classes = [0, 1, 2, 3].map((value) => ({ value, name: `class ${value}` }));

it('counts each class, and leaves out those in neither mask', () => {
  const { dice, meanDice, leastDice, voxels, differingVoxels } = maskLoss(
    [0, 1, 1, 1, 2, 2],
    [0, 1, 1, 2, 2, 2],
    classes,
  );
  expect([...dice]).toEqual([
    [1, 4 / 5],
    [2, 4 / 5],
  ]);
  expect(meanDice).toBeCloseTo(0.8);
  expect(leastDice).toBeCloseTo(0.8);
  expect([voxels, differingVoxels]).toEqual([6, 1]);
});

it('gives 0 to a class that only one of the masks has', () => {
  expect(maskLoss([0, 1, 1, 0], [0, 1, 1, 3], classes).leastDice).toBe(0);
  expect(maskLoss([0, 1, 1, 3], [0, 1, 1, 0], classes).leastDice).toBe(0);
});

it('finds nothing lost between two empty masks', () => {
  expect(maskLoss([0, 0], [0, 0], classes)).toMatchObject({ meanDice: 1, leastDice: 1, differingVoxels: 0 });
});
