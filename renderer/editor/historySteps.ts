/** The list of steps as the host will have it after an edit, an undo or a redo: known here without asking. */
import type { HistoryStep } from '#contract/schemas/segmentation.ts';

type Steps = readonly HistoryStep[];

/** @returns what is not undone, and the new step after it */
export function withStep(steps: Steps, { code, label }: { code: string; label: string }): Steps {
  const sequence = (steps.findLast((step) => step.done)?.sequence ?? 0) + 1;
  return [...steps.filter((step) => step.done), { sequence, code, label, at: new Date().toISOString(), done: true }];
}

export function withMove(steps: Steps, way: 'undo' | 'redo'): Steps {
  const moved = way === 'undo' ? steps.findLast((step) => step.done) : steps.find((step) => !step.done);
  return steps.map((step) => (step === moved ? { ...step, done: way === 'redo' } : step));
}
