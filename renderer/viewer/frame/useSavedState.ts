/** Whether what was drawn is on disk: nothing was drawn, saving, saved, or it could not be saved. */
import { useEditor } from '../../editor/segmentationStore.ts';

export type SavedState = 'nothing' | 'saving' | 'saved' | 'failed';

export function useSavedState(): SavedState {
  return useEditor(({ saving }) => saving.state);
}
