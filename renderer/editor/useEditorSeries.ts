/** Opens the editor with the case, whatever the mode, so that segments are drawn everywhere; closes it with the case. */
import { useEffect } from 'react';
import { watchCoarseLooks } from './coarseStore.ts';
import { watchDoubt } from './doubtStore.ts';
import { watchExplanation } from './explanationStore.ts';
import { closeEditor, openEditor } from './openEditor.ts';
import { closeRunner } from './operationRunner.ts';
import { clearPrompt } from './prompt/promptStore.ts';
import { hasUnsavedWork } from './segmentationStore.ts';
import { watchSurfaces } from './surfaceStore.ts';
import { useThreshold } from './thresholdStore.ts';

export function useEditorSeries(seriesId: string): void {
  useEffect(() => {
    void openEditor(seriesId);
    const stops = [watchSurfaces(), watchDoubt(), watchExplanation(), watchCoarseLooks()];
    // Stays when the case is left: what could not be saved is still in this window.
    window.addEventListener('beforeunload', askBeforeLeaving);
    return () => {
      for (const stop of stops) stop();
      closeRunner();
      clearPrompt();
      closeEditor();
      useThreshold.setState({ lower: null, upper: null });
    };
  }, [seriesId]);
}

/** The browser asks before work is lost that is not on disk. */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  if (hasUnsavedWork()) event.preventDefault();
}
