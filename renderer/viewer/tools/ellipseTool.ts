/** The statistics of the image inside an ellipse. */
import { IconOvalVertical } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { drawingTool } from '../measurements/drawingTool.ts';
import type { Tool } from './Tool.ts';

export const ellipseTool: Tool = {
  id: 'ellipse',
  ...words.viewer.tools.ellipse,
  icon: IconOvalVertical,
  shortcut: 'O',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'crosshair',
  ...drawingTool({ kind: 'ellipse', points: 2 }),
};
