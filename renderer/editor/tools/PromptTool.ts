/** Segments what a person points at: clicks inside and outside, a box. What they come to: prompt/promptStore.ts. */
import { IconClick } from '@tabler/icons-react';
import { type IndexPoint, indexPoint, type WorldPoint } from '#core/geometry/points.ts';
import { containsIndex, indexToWorld } from '#core/geometry/volumeGeometry.ts';
import type { Tool, ToolPointer } from '../../viewer/tools/Tool.ts';
import { useViewer } from '../../viewer/viewerStore.ts';
import { words } from '../../words/index.ts';
import { keepPrompt, proposePrompt } from '../prompt/promptResults.ts';
import {
  addPoint,
  clearPrompt,
  dragBox,
  endBox,
  isPointing,
  removeLast,
  removePointNear,
} from '../prompt/promptStore.ts';

/** A shorter drag is a click. */
const CLICK_PX = 5;
const POINT_PX = 8;

let down: ToolPointer | null = null;
let isBox = false;

export const promptTool: Tool = {
  id: 'prompt',
  label: words.prompt.label,
  hint: words.prompt.hint,
  icon: IconClick,
  shortcut: 'S',
  modes: ['segment'],
  cursor: 'crosshair',
  onPointerDown(pointer) {
    if (pointer.button !== 'left') return;
    down = pointer;
    isBox = false;
  },
  onPointerMove(pointer) {
    if (down === null) return;
    isBox ||= Math.hypot(pointer.x - down.x, pointer.y - down.y) >= CLICK_PX;
    if (isBox) dragBox(down.plane, insideOf(down.indexIjk), insideOf(pointer.indexIjk));
  },
  onPointerUp(pointer) {
    const from = down;
    down = null;
    if (from === null) return;
    if (isBox) endBox();
    else click(from, pointer);
    isBox = false;
  },
  onCancel() {
    // In the middle of a drag only that goes.
    if (down === null) clearPrompt();
    else dragBox(null);
    down = null;
    isBox = false;
  },
  onKey({ key, ctrlKey, metaKey, target }) {
    if (ctrlKey || metaKey || !isPointing()) return false;
    if (key === 'Enter' && !isControl(target)) void keepPrompt();
    else if (key.toLowerCase() === 'p') void proposePrompt();
    else if (key === 'Backspace') removeLast();
    else return false;
    return true;
  },
};

function click({ plane, pointLps, indexIjk, mmPerPixel }: ToolPointer, { alt, shift }: ToolPointer): void {
  const { volume } = useViewer.getState();
  const [i, j, k] = [Math.round(indexIjk[0]), Math.round(indexIjk[1]), Math.round(indexIjk[2])];
  if (volume === null || !containsIndex(volume.geometry.size, i, j, k)) return;
  if (!removePointNear(plane, pointLps, POINT_PX * mmPerPixel)) addPoint(plane, pointLps, !alt && !shift);
}

/** A box that was drawn beyond the image ends with it. */
function insideOf(indexIjk: IndexPoint): WorldPoint {
  const { volume } = useViewer.getState();
  if (volume === null) throw new Error('a tool in a view without an image');
  const { geometry } = volume;
  const at = (axis: 0 | 1 | 2): number => Math.max(0, Math.min(geometry.size[axis] - 1, indexIjk[axis]));
  return indexToWorld(geometry, indexPoint(at(0), at(1), at(2)));
}

/** Buttons keep their Enter. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, [role=button]') !== null;
}
