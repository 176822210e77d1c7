/** The statistics of the image inside a rectangle. */
import { IconRectangle } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { drawingTool } from '../measurements/drawingTool.ts';
import type { Tool } from './Tool.ts';

export const rectangleTool: Tool = {
  id: 'rectangle',
  ...words.viewer.tools.rectangle,
  icon: IconRectangle,
  shortcut: 'R',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'crosshair',
  ...drawingTool({ kind: 'rectangle', points: 2 }),
};
