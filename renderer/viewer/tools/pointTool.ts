/** The value of one voxel. */
import { IconPointFilled } from '@tabler/icons-react';
import { words } from '../../words/index.ts';
import { drawingTool } from '../measurements/drawingTool.ts';
import type { Tool } from './Tool.ts';

export const pointTool: Tool = {
  id: 'point',
  ...words.viewer.tools.point,
  icon: IconPointFilled,
  shortcut: 'V',
  modes: ['view', 'segment', 'plan', 'report'],
  cursor: 'crosshair',
  ...drawingTool({ kind: 'point', points: 1 }),
};
