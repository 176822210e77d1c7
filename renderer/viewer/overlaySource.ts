/** Where the views get the segments and the map over the slices from: the editor's stores. */
import { useCoarse } from '../editor/coarseStore.ts';
import { useDoubt } from '../editor/doubtStore.ts';
import { useExplanation } from '../editor/explanationStore.ts';
import { useEditor } from '../editor/segmentationStore.ts';
import type { MapOverlay, Overlay } from './overlay.ts';
import { useViewer } from './viewerStore.ts';

export function overlaysNow(): readonly Overlay[] {
  const { overlays } = useEditor.getState();
  const { overlay } = useCoarse.getState();
  return overlay ? [...overlays, overlay] : overlays;
}

/** One map at a time, where segments are judged, and its legend stands beside it. */
export function mapNow(): MapOverlay | null {
  if (useViewer.getState().mode !== 'segment') return null;
  return useExplanation.getState().overlay ?? useDoubt.getState().overlay;
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
    useExplanation.subscribe((state, before) => {
      if (state.overlay !== before.overlay) listener();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
