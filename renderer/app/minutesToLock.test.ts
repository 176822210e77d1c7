import { describe, expect, it } from 'vitest';
import { minutesToLock } from './minutesToLock.ts';

const minute = 60_000;

describe('minutesToLock', () => {
  it('counts down in whole minutes and ends at zero', () => {
    expect(minutesToLock(0, 15, false)).toBe(15);
    expect(minutesToLock(0.5 * minute, 15, false)).toBe(15);
    expect(minutesToLock(14.2 * minute, 15, false)).toBe(1);
    expect(minutesToLock(15 * minute, 15, false)).toBe(0);
    expect(minutesToLock(90 * minute, 15, false)).toBe(0);
  });

  it('never comes when it is off or a job is running', () => {
    expect(minutesToLock(90 * minute, 0, false)).toBeNull();
    expect(minutesToLock(90 * minute, 15, true)).toBeNull();
  });
});
