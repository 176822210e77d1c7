/** Picks the bounds of a threshold from the image: a click sets the lower one, Shift click the upper. Its panel applies it. */
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { containsIndex, voxelOffset } from '#core/geometry/volumeGeometry.ts';
import type { Tool } from '../../viewer/tools/Tool.ts';
import { useViewer } from '../../viewer/viewerStore.ts';
import { words } from '../../words/index.ts';
import { setThreshold } from '../thresholdStore.ts';

export const thresholdTool: Tool = {
  id: 'threshold',
  ...words.editor.tools.threshold,
  icon: IconAdjustmentsHorizontal,
  shortcut: 'T',
  modes: ['segment'],
  cursor: 'crosshair',
  onPointerDown({ indexIjk, button, shift }) {
    const { volume } = useViewer.getState();
    if (button !== 'left' || !volume) return;
    const { size } = volume.geometry;
    const [i, j, k] = [Math.round(indexIjk[0]), Math.round(indexIjk[1]), Math.round(indexIjk[2])];
    if (!containsIndex(size, i, j, k)) return;
    const value = volume.scalars[voxelOffset(size, i, j, k)] ?? 0;
    setThreshold(shift ? { upper: value } : { lower: value });
  },
};
