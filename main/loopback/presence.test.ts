import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Presence } from './presence.ts';

describe('Presence', () => {
  const onAbandoned = vi.fn();
  beforeEach(() => {
    vi.useFakeTimers();
    onAbandoned.mockClear();
  });
  afterEach(() => vi.useRealTimers());

  it('tells once the last window has been gone for the whole grace', () => {
    const presence = new Presence(1000, onAbandoned);
    presence.enter();
    presence.enter();
    presence.leave();
    vi.advanceTimersByTime(5000);
    expect(onAbandoned).not.toHaveBeenCalled();
    presence.leave();
    vi.advanceTimersByTime(999);
    expect(onAbandoned).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onAbandoned).toHaveBeenCalledOnce();
  });

  it('does not take a reload for a goodbye', () => {
    const presence = new Presence(1000, onAbandoned);
    presence.enter();
    presence.leave();
    vi.advanceTimersByTime(500);
    presence.enter();
    vi.advanceTimersByTime(5000);
    expect(onAbandoned).not.toHaveBeenCalled();
  });

  it('never ends before the first window came', () => {
    new Presence(1000, onAbandoned);
    vi.advanceTimersByTime(100_000);
    expect(onAbandoned).not.toHaveBeenCalled();
  });
});
