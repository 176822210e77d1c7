/** The bounds of the threshold tool, in modality units; inclusive. */
import { create } from 'zustand';

export interface ThresholdState {
  readonly lower: number | null;
  readonly upper: number | null;
}

export const useThreshold = create<ThresholdState>()(() => ({ lower: null, upper: null }));

/** Keeps the bounds in order: the one that was set pushes the other. */
export function setThreshold(change: Partial<ThresholdState>): void {
  const next = { ...useThreshold.getState(), ...change };
  if (next.lower !== null && next.upper !== null && next.lower > next.upper) {
    if (change.lower === undefined) next.lower = next.upper;
    else next.upper = next.lower;
  }
  useThreshold.setState(next);
}
