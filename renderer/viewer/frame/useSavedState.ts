/** Whether what was drawn is on disk: nothing was drawn, saving, or saved. */
export type SavedState = 'nothing' | 'saving' | 'saved';

export function useSavedState(): SavedState {
  return 'nothing';
}
