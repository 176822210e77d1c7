/** How long the present phase of a job still takes, from the pace it has kept. */
import type { ShownJob } from './jobsStore.ts';

/** @returns seconds; null while nothing sensible can be said */
export function secondsLeft(job: Pick<ShownJob, 'progress' | 'phaseSince'>, nowMs: number): number | null {
  const { done, total } = job.progress;
  const elapsedMs = nowMs - job.phaseSince;
  if (done <= 0 || total <= done || elapsedMs < 1500) return null;
  return ((elapsedMs / done) * (total - done)) / 1000;
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
