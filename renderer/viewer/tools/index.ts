/** Every tool of the viewer, in the order of the rail. A new tool: its file, and its line here. */
import { editorTools } from '../../editor/tools/index.ts';
import { angleTool } from './angleTool.ts';
import { panTool, zoomTool } from './cameraTools.ts';
import { crosshairTool } from './crosshairTool.ts';
import { ellipseTool } from './ellipseTool.ts';
import { lengthTool } from './lengthTool.ts';
import { pointTool } from './pointTool.ts';
import { rectangleTool } from './rectangleTool.ts';
import type { Tool } from './Tool.ts';
import { windowTool } from './windowTool.ts';

/** What one group of the rail holds; a line parts the groups. */
export const toolGroups: readonly (readonly Tool[])[] = [
  [crosshairTool, windowTool, zoomTool, panTool],
  editorTools,
  [lengthTool, angleTool, ellipseTool, rectangleTool, pointTool],
];

export const tools: readonly Tool[] = toolGroups.flat();
