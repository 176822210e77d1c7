/** Whether a network that was trained on crops looks around the crosshair alone. The region is drawn over the slices (RegionShape.tsx). */
import type { RunEstimate } from '#contract/schemas/inference.ts';
import { words } from '../words/index.ts';
import { lookAround, useModels } from './aiStore.ts';
import { LookChoice } from './LookChoice.tsx';

export interface RegionChoiceProps {
  readonly modelId: string;
  readonly estimate: RunEstimate | undefined;
}

export function RegionChoice({ modelId, estimate }: RegionChoiceProps) {
  const isAround = useModels((state) => state.around.get(modelId) ?? true);
  const w = words.editor.ai.around;
  if (!estimate?.regionMm) return null;
  return (
    <LookChoice
      label={w.label}
      detail={w.detail(estimate.regionMm)}
      isChosen={isAround}
      onChoose={(isChosen) => void lookAround(modelId, isChosen)}
    />
  );
}
