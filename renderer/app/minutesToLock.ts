/** When an idle vault is locked. Next: useAutoLock.ts. */

/**
 * @param idleMs since the last sign of a person
 * @param afterMinutes the setting; 0: never
 * @param isBusy a job is running, which locking would cancel
 * @returns whole minutes left, 0 when it is time; null when it does not come
 */
export function minutesToLock(idleMs: number, afterMinutes: number, isBusy: boolean): number | null {
  if (afterMinutes <= 0 || isBusy) return null;
  return Math.max(0, Math.ceil(afterMinutes - idleMs / 60_000));
}
