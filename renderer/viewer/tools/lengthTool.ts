/** A distance in millimetres. */
import { IconRuler2 } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { drawingTool } from '../measurements/drawingTool.ts';
import type { Tool } from './Tool.ts';

export const lengthTool: Tool = {
  id: 'length',
  ...words.viewer.tools.length,
  icon: IconRuler2,
  shortcut: 'D',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'crosshair',
  ...drawingTool({ kind: 'length', points: 2 }),
};
