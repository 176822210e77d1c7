/** Moves the slice in its view with the left button, for hands without a middle or right one. */
import { IconHandStop, IconZoomIn } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { type SliceCamera, zoomedAt } from '../slice/sliceTransform.ts';
import { shownSlice, useViewer } from '../viewerStore.ts';
import type { Tool, ToolPointer } from './Tool.ts';

interface Drag {
  readonly start: ToolPointer;
  readonly camera: SliceCamera;
}

let drag: Drag | null = null;

function begin(start: ToolPointer): void {
  drag = { start, camera: useViewer.getState().cameras[start.plane] };
}

function cancel(): void {
  if (drag !== null) useViewer.getState().setCamera(drag.start.plane, drag.camera);
  drag = null;
}

function end(): void {
  drag = null;
}

export const panTool: Tool = {
  id: 'pan',
  ...words.viewer.tools.pan,
  icon: IconHandStop,
  shortcut: 'H',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'grab',
  onPointerDown: begin,
  onPointerMove({ x, y }) {
    if (drag === null) return;
    const { start, camera } = drag;
    const panMm = [
      camera.panMm[0] + (x - start.x) * start.mmPerPixel,
      camera.panMm[1] + (y - start.y) * start.mmPerPixel,
    ] as const;
    useViewer.getState().setCamera(start.plane, { ...camera, panMm });
  },
  onPointerUp: end,
  onCancel: cancel,
};

export const zoomTool: Tool = {
  id: 'zoom',
  ...words.viewer.tools.zoom,
  icon: IconZoomIn,
  shortcut: 'Z',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'zoom-in',
  onPointerDown: begin,
  onPointerMove({ y, plane }) {
    const state = useViewer.getState();
    const shown = shownSlice(state, plane);
    const view = document.querySelector<HTMLElement>(`[data-view="${plane}"]`);
    if (drag === null || shown === null || view === null) return;
    const { start, camera } = drag;
    const size = { width: view.clientWidth, height: view.clientHeight };
    state.setCamera(plane, zoomedAt(shown.layout, size, camera, 1.008 ** (start.y - y), start.x, start.y));
  },
  onPointerUp: end,
  onCancel: cancel,
};
