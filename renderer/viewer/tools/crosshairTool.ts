/** Sets the crosshair: the other views follow to the slices through it. */
import { IconCrosshair } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { useViewer } from '../viewerStore.ts';
import type { Tool, ToolPointer } from './Tool.ts';

let dragging = false;

function move({ pointLps }: ToolPointer): void {
  useViewer.getState().setCrosshair(pointLps);
}

export const crosshairTool: Tool = {
  id: 'crosshair',
  ...words.viewer.tools.crosshair,
  icon: IconCrosshair,
  shortcut: 'C',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'crosshair',
  onPointerDown(pointer) {
    dragging = true;
    move(pointer);
  },
  onPointerMove(pointer) {
    if (dragging) move(pointer);
  },
  onPointerUp() {
    dragging = false;
  },
  onCancel() {
    dragging = false;
  },
};
