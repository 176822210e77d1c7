/** Drags the grey window: to the side its width, up and down its centre. The step follows the width, so lung and brain feel alike. */
import { IconContrast } from '@tabler/icons-react';
import type { WindowLevel } from '#core/rendering/windowLevel.ts';
import { words } from '../../words/index.ts';
import { useViewer } from '../viewerStore.ts';
import type { Tool } from './Tool.ts';

let from: { readonly x: number; readonly y: number; readonly window: WindowLevel } | null = null;

export const windowTool: Tool = {
  id: 'window',
  ...words.viewer.tools.window,
  icon: IconContrast,
  shortcut: 'W',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'ns-resize',
  onPointerDown({ x, y }) {
    from = { x, y, window: useViewer.getState().window };
  },
  onPointerMove({ x, y }) {
    if (from === null) return;
    const { center, width } = from.window;
    const step = width / 300;
    useViewer.getState().setWindow({
      center: rounded(center + (y - from.y) * step, step),
      width: rounded(Math.max(step, width + (x - from.x) * step), step),
    });
  },
  onPointerUp() {
    from = null;
  },
  onCancel() {
    if (from !== null) useViewer.getState().setWindow(from.window);
    from = null;
  },
};

/** Whole numbers where a step is not finer than that. */
function rounded(value: number, step: number): number {
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  return step >= 0.1 ? Math.round(value) : Number(value.toFixed(digits));
}
