/** Whether a network that was trained on crops looks around the crosshair alone. The region is drawn over the slices (RegionShape.tsx). */
import { Checkbox } from '@mantine/core';
import type { RunEstimate } from '#contract/schemas/inference.ts';
import { words } from '../words/index.ts';
import { lookAround, useModels } from './aiStore.ts';
import classes from './editor.module.css';

export interface RegionChoiceProps {
  readonly modelId: string;
  readonly estimate: RunEstimate | undefined;
}

export function RegionChoice({ modelId, estimate }: RegionChoiceProps) {
  const isAround = useModels((state) => state.around.get(modelId) ?? true);
  const w = words.editor.ai.around;
  if (!estimate?.regionMm) return null;
  return (
    <Checkbox
      className={classes['mirror']}
      classNames={{ description: classes['modelFinds'] ?? '' }}
      size="xs"
      label={w.label}
      description={w.detail(estimate.regionMm)}
      checked={isAround}
      onChange={({ currentTarget }) => void lookAround(modelId, currentTarget.checked)}
    />
  );
}
