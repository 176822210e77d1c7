/** The options of the tool in hand: the threshold's, the smart click's, else the brush's, so that the panel keeps its shape. */
import { useViewer } from '../viewer/viewerStore.ts';
import { BrushOptions } from './BrushOptions.tsx';
import { PromptOptions } from './prompt/PromptOptions.tsx';
import { ThresholdOptions } from './ThresholdOptions.tsx';

export function ToolSection() {
  const toolId = useViewer((state) => state.toolId);
  if (toolId === 'prompt') return <PromptOptions />;
  return toolId === 'threshold' ? <ThresholdOptions /> : <BrushOptions />;
}
