import { expect, it } from 'vitest';
import { reasonsAgainst } from './worthKeeping.ts';

const good = { meanDice: 0.995, leastDice: 0.985, speedup: 1.5 };

it('keeps a variant that loses little and is faster', () => {
  expect(reasonsAgainst(good)).toEqual([]);
  expect(reasonsAgainst({ meanDice: 0.99, leastDice: 0.98, speedup: 1.2 })).toEqual([]);
});

it.each([
  [{ meanDice: 0.989 }, 'mean Dice 0.989'],
  [{ leastDice: 0.979 }, 'Dice 0.979'],
  [{ speedup: 1.19 }, '1.19 times'],
  [{ speedup: 0.5 }, '0.50 times'],
])('gives one that does not its reason: %o', (change, words) => {
  const reasons = reasonsAgainst({ ...good, ...change });
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toContain(words);
});

it('names every reason', () => {
  expect(reasonsAgainst({ meanDice: 0, leastDice: 0, speedup: 0 })).toHaveLength(3);
});

it('does not keep what could not be measured', () => {
  expect(reasonsAgainst({ meanDice: Number.NaN, leastDice: 1, speedup: 2 })).toHaveLength(1);
});
