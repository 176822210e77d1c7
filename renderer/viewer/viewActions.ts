/** What a key, a button or Find does to all views at once. */

import { useViewer } from './viewerStore.ts';
import { lookFrom } from './volume3d/volumeStore.ts';

export function toggleCrosshair(): void {
  const { crosshairShown, setCrosshairShown } = useViewer.getState();
  setCrosshairShown(!crosshairShown);
}

export function invertGreys(): void {
  const { window, setWindow } = useViewer.getState();
  setWindow({ invert: window.invert !== true });
}

/** The slices fill their views again, and 3D is seen from the front. */
export function fitViews(): void {
  useViewer.getState().resetCameras();
  lookFrom('A');
}
