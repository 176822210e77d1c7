import { describe, expect, it } from 'vitest';
import { durationInWords, isSamePhase, secondsLeft } from './timeLeft.ts';

const job = (done: number, total: number, phaseFrom = 0) => ({
  progress: { done, total, unit: 'files', phase: 'reading' },
  ...{ phaseSince: 0, phaseFrom },
});

describe('secondsLeft', () => {
  it('goes by the pace of the present phase', () => {
    expect(secondsLeft(job(25, 100), 10_000)).toBe(30);
  });

  it('does not count what was done before it looked on', () => {
    expect(secondsLeft(job(30, 100, 20), 10_000)).toBe(70);
    expect(secondsLeft(job(20, 100, 20), 10_000)).toBeNull();
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

describe('isSamePhase', () => {
  const progress = (phase: string, total = 20) => ({ done: 1, total, unit: 'windows', phase });
  const running = progress('Running the network');

  it('goes on while a network tells another time left', () => {
    expect(isSamePhase(running, progress('Running the network, about 20 s left'))).toBe(true);
    const hiding = progress('Hiding one place after another, at most 9 s left');
    expect(isSamePhase(hiding, progress('Hiding one place after another, at most 12 s left'))).toBe(true);
  });

  it('ends with another name, or another total', () => {
    expect(isSamePhase(progress('Preparing the network'), running)).toBe(false);
    expect(isSamePhase(progress('Running the network', 8), running)).toBe(false);
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
