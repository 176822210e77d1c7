import { describe, expect, it } from 'vitest';
import { durationInWords, secondsLeft } from './timeLeft.ts';

const job = (done: number, total: number) => ({
  progress: { done, total, unit: 'files', phase: 'reading' },
  phaseSince: 0,
});

describe('secondsLeft', () => {
  it('goes by the pace of the present phase', () => {
    expect(secondsLeft(job(25, 100), 10_000)).toBe(30);
  });

  it('says nothing before there is a pace', () => {
    expect(secondsLeft(job(0, 100), 10_000)).toBeNull();
    expect(secondsLeft(job(1, 100), 1000)).toBeNull();
  });

  it('says nothing when the total is not known or reached', () => {
    expect(secondsLeft(job(5, 0), 10_000)).toBeNull();
    expect(secondsLeft(job(5, 5), 10_000)).toBeNull();
  });
});

describe('durationInWords', () => {
  it.each([
    [0.2, '1 s'],
    [8.1, '9 s'],
    [11, '15 s'],
    [58, '60 s'],
    [61, '2 min'],
    [3600, '1 h'],
    [3660, '1 h 1 min'],
  ])('%d seconds is "%s"', (seconds, words) => {
    expect(durationInWords(seconds)).toBe(words);
  });
});
