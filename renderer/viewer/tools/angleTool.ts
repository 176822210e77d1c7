/** An angle in degrees: one end, the vertex, the other end. */
import { IconAngle } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { drawingTool } from '../measurements/drawingTool.ts';
import type { Tool } from './Tool.ts';

export const angleTool: Tool = {
  id: 'angle',
  ...words.viewer.tools.angle,
  icon: IconAngle,
  shortcut: 'A',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'crosshair',
  ...drawingTool({ kind: 'angle', points: 3 }),
};
