/** Where the views get the segments from: the editor's store. */
import { useEditor } from '../editor/segmentationStore.ts';
import type { Overlay } from './overlay.ts';

export function overlaysNow(): readonly Overlay[] {
  return useEditor.getState().overlays;
}

/** @returns the way to stop listening */
export function subscribeOverlays(listener: () => void): () => void {
  return useEditor.subscribe((state, before) => {
    if (state.overlays !== before.overlays) listener();
  });
}
