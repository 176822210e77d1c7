/** Takes voxels away from the active segment, and from no other. */
import { IconEraser } from '@tabler/icons-react';
import type { Tool } from '../../viewer/tools/Tool.ts';
import { words } from '../../words/index.ts';
import { strokeTool } from './strokeTool.ts';

export const eraserTool: Tool = {
  id: 'eraser',
  ...words.editor.tools.eraser,
  icon: IconEraser,
  shortcut: 'E',
  modes: ['segment'],
  cursor: 'none',
  ...strokeTool((shift) => !shift),
};
