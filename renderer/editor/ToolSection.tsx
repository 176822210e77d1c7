/** The options of the tool in hand: the threshold's, else the brush's, so that the panel keeps its shape. */
import { useViewer } from '../viewer/viewerStore.ts';
import { BrushOptions } from './BrushOptions.tsx';
import { ThresholdOptions } from './ThresholdOptions.tsx';

export function ToolSection() {
  const toolId = useViewer((state) => state.toolId);
  return toolId === 'threshold' ? <ThresholdOptions /> : <BrushOptions />;
}
