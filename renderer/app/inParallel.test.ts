import { describe, expect, it } from 'vitest';
import { inParallel } from './inParallel.ts';

describe('inParallel', () => {
  it('does everything once and never more than allowed at a time', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      running -= 1;
      done.push(item);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('stops at the first failure and passes it on', async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item === 2) throw new Error('full');
    };
    await expect(inParallel([1, 2, 3, 4, 5], 1, work)).rejects.toThrow('full');
    expect(begun).toEqual([1, 2]);
  });
});
