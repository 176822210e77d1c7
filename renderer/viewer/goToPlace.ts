/** Brings a place in the patient (LPS mm) into sight: the slices through it in all views; the zoom stays. */
import { PLANES } from '#core/geometry/anatomicalAxes.ts';
import type { WorldPoint } from '#core/geometry/points.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { indexToSlicePixel, sliceLayout } from '#core/rendering/sliceLayout.ts';
import { cameraShowing } from './slice/sliceTransform.ts';
import { useViewer } from './viewerStore.ts';

export function goToPlace(pointLps: WorldPoint): void {
  const { volume, setCrosshair } = useViewer.getState();
  if (volume === null) return;
  setCrosshair(pointLps);
  for (const plane of PLANES) {
    const view = document.querySelector<HTMLElement>(`[data-view="${plane}"]`);
    // A view that is hidden has no size.
    if (view === null || view.clientWidth === 0) continue;
    const layout = sliceLayout(volume.geometry, plane);
    const [column, row] = indexToSlicePixel(layout, worldToIndex(volume.geometry, pointLps));
    const { cameras, setCamera } = useViewer.getState();
    const size = { width: view.clientWidth, height: view.clientHeight };
    const camera = cameraShowing(layout, size, cameras[plane], column, row);
    if (camera !== cameras[plane]) setCamera(plane, camera);
  }
}
