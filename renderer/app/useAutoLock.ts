/** Locks the vault when nobody has touched anything for a while. A running job holds it open: locking would cancel the job. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { useSettings } from '../settings/settingsStore.ts';
import { activeJobs, useJobs } from './jobsStore.ts';
import { minutesToLock } from './minutesToLock.ts';
import { useSession } from './sessionStore.ts';

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
const checkEveryMs = 5000;

/** Whole minutes until the vault is locked; null: it is not going to be. */
export const useMinutesToLock = create<{ readonly minutes: number | null }>()(() => ({ minutes: null }));

export function useAutoLock(): void {
  const afterMinutes = useSettings((state) => state.autoLockMinutes);
  useEffect(() => {
    let touchedAt = Date.now();
    const look = () => {
      const isBusy = activeJobs(useJobs.getState().jobs).length > 0;
      // The count starts anew after a job, so that its result is not hidden the moment it is there.
      if (isBusy) touchedAt = Date.now();
      const minutes = minutesToLock(Date.now() - touchedAt, afterMinutes, isBusy);
      if (useMinutesToLock.getState().minutes !== minutes) useMinutesToLock.setState({ minutes });
      if (minutes === 0) void useSession.getState().lock();
    };
    const touch = () => {
      touchedAt = Date.now();
    };
    for (const sign of signs) window.addEventListener(sign, touch, { passive: true, capture: true });
    const timer = setInterval(look, checkEveryMs);
    look();
    return () => {
      clearInterval(timer);
      for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    };
  }, [afterMinutes]);
}
