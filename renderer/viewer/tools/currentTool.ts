/** The tool in hand. */
import { useViewer } from '../viewerStore.ts';
import { tools } from './index.ts';
import type { Tool } from './Tool.ts';

export function toolById(id: string): Tool | undefined {
  return tools.find((tool) => tool.id === id);
}

export function currentTool(): Tool | undefined {
  const { toolId, mode } = useViewer.getState();
  const tool = toolById(toolId);
  return tool?.modes.includes(mode) ? tool : undefined;
}

/** Changes tools; a drag that is going on ends without a trace. */
export function pickTool(id: string): void {
  currentTool()?.onCancel?.();
  useViewer.getState().setTool(id);
}
