/** The editor's tools, in the order of the rail. A new tool: its file, and its line here. */
import type { Tool } from '../../viewer/tools/Tool.ts';
import { brushTool } from './BrushTool.ts';
import { eraserTool } from './EraserTool.ts';
import { promptTool } from './PromptTool.ts';
import { thresholdTool } from './ThresholdTool.ts';

export const editorTools: readonly Tool[] = [brushTool, eraserTool, thresholdTool, promptTool];
