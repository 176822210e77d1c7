import { expect, it } from 'vitest';
import { withMove, withStep } from './historySteps.ts';

const told = (steps: ReturnType<typeof withStep>) =>
  steps.map(({ sequence, label, done }) => `${sequence} ${label}${done ? '' : ' (undone)'}`);
const step = (label: string) => ({ code: 'brush', label });

it('appends, moves back and forth, and drops what was undone when something new is done', () => {
  const two = withStep(withStep([], step('a')), step('b'));
  expect(told(two)).toEqual(['1 a', '2 b']);
  const undone = withMove(withMove(two, 'undo'), 'undo');
  expect(told(undone)).toEqual(['1 a (undone)', '2 b (undone)']);
  const redone = withMove(undone, 'redo');
  expect(told(redone)).toEqual(['1 a', '2 b (undone)']);
  expect(told(withStep(redone, step('c')))).toEqual(['1 a', '2 c']);
});

it('moves nothing where there is nothing to undo or redo', () => {
  expect(withMove([], 'undo')).toEqual([]);
  const one = withStep([], step('a'));
  expect(withMove(one, 'redo')).toEqual(one);
});
