/** The keys of doubt in segment mode: N and Shift N walk the places to check, U shows and hides the map. Asked by editorKeyboard.ts. */
import { showDoubt, stepDoubt, useDoubt } from './doubtStore.ts';

/** @returns whether it was a key of doubt, and there is any */
export function onDoubtKey(key: string, shift: boolean): boolean {
  const letter = key.toLowerCase();
  if (letter === 'n') return stepDoubt(shift ? -1 : 1);
  if (letter !== 'u' || shift) return false;
  const { reading, segmentationId, isShown } = useDoubt.getState();
  if (segmentationId === null || reading !== 'measured') return false;
  showDoubt(!isShown);
  return true;
}
