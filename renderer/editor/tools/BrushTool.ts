/** Paints the active segment with a disc or a ball; Shift erases, Ctrl wheel sizes. */
import { IconBrush } from '@tabler/icons-react';
import type { Tool } from '../../viewer/tools/Tool.ts';
import { words } from '../../words/index.ts';
import { strokeTool } from './strokeTool.ts';

export const brushTool: Tool = {
  id: 'brush',
  ...words.editor.tools.brush,
  icon: IconBrush,
  shortcut: 'B',
  modes: ['segment'],
  cursor: 'none',
  ...strokeTool((shift) => shift),
};
