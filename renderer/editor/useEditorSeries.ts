/** Opens the editor with the case, whatever the mode, so that segments are drawn everywhere; closes it with the case. */
import { useEffect } from 'react';
import { closeEditor, openEditor } from './openEditor.ts';
import { closeRunner } from './operationRunner.ts';
import { useEditor } from './segmentationStore.ts';
import { watchSurfaces } from './surfaceStore.ts';
import { useThreshold } from './thresholdStore.ts';

export function useEditorSeries(seriesId: string): void {
  useEffect(() => {
    void openEditor(seriesId);
    const stop = watchSurfaces();
    window.addEventListener('beforeunload', askBeforeLeaving);
    return () => {
      window.removeEventListener('beforeunload', askBeforeLeaving);
      stop();
      closeRunner();
      closeEditor();
      useThreshold.setState({ lower: null, upper: null });
    };
  }, [seriesId]);
}

/** The browser asks before work is lost that is not on disk. */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  if (useEditor.getState().saving.pending > 0) event.preventDefault();
}
