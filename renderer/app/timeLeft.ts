/** How long the present phase of a job still takes, from the pace it has kept. */
import type { Job } from '#contract/schemas/job.ts';
import type { ShownJob } from './jobsStore.ts';

/** @returns seconds; null while nothing sensible can be said */
export function secondsLeft(
  { progress: { done, total }, phaseSince, phaseFrom }: Pick<ShownJob, 'progress' | 'phaseSince' | 'phaseFrom'>,
  nowMs: number,
): number | null {
  const elapsedMs = nowMs - phaseSince;
  const doneMeanwhile = done - phaseFrom;
  if (doneMeanwhile <= 0 || total <= done || elapsedMs < 1500) return null;
  return ((elapsedMs / doneMeanwhile) * (total - done)) / 1000;
}

/** @returns whether the second goes on with what the first was at; the time left that a network's phase may end with does not count */
export function isSamePhase(before: Job['progress'], after: Job['progress']): boolean {
  const named = ({ phase }: Job['progress']): string => phase.replace(/, (about|at most) \d+ s left$/, '');
  return before.total === after.total && named(before) === named(after);
}

/** "40 s", "3 min", "1 h 20 min": rounded so that it does not flicker. */
export function durationInWords(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.ceil(seconds))} s`;
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
