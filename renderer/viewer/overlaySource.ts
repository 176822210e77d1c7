/** Where the views get the segments and the doubt from: the editor's stores. */
import { useCoarse } from '../editor/coarseStore.ts';
import { useDoubt } from '../editor/doubtStore.ts';
import { useEditor } from '../editor/segmentationStore.ts';
import type { DoubtOverlay, Overlay } from './overlay.ts';
import { useViewer } from './viewerStore.ts';

export function overlaysNow(): readonly Overlay[] {
  const { overlays } = useEditor.getState();
  const { overlay } = useCoarse.getState();
  return overlay ? [...overlays, overlay] : overlays;
}

/** Where segments are judged, and its legend stands beside it. */
export function doubtNow(): DoubtOverlay | null {
  return useViewer.getState().mode === 'segment' ? useDoubt.getState().overlay : null;
}

/** @returns the way to stop listening */
export function subscribeOverlays(listener: () => void): () => void {
  const stops = [
    useEditor.subscribe((state, before) => {
      if (state.overlays !== before.overlays) listener();
    }),
    useCoarse.subscribe((state, before) => {
      if (state.overlay !== before.overlay) listener();
    }),
    useDoubt.subscribe((state, before) => {
      if (state.overlay !== before.overlay) listener();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
