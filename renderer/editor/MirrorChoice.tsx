/** Whether a network looks at the mirror images of a series too (test-time augmentation): steadier, and as many times as long. */
import { Checkbox } from '@mantine/core';
import type { RunEstimate } from '#contract/schemas/inference.ts';
import { words } from '../words/index.ts';
import { mirrorModel, useModels } from './aiStore.ts';
import classes from './editor.module.css';

interface MirrorChoiceProps {
  readonly modelId: string;
  readonly estimate: RunEstimate;
}

export function MirrorChoice({ modelId, estimate: { fits, looks, mirrored } }: MirrorChoiceProps) {
  const stated = useModels((state) => state.mirrored.get(modelId));
  // What does not fit with mirror images may fit without.
  if (mirrored.looks === 1 || (fits === 'no' && looks === 1)) return null;
  const w = words.editor.ai.mirror;
  return (
    <Checkbox
      className={classes['mirror']}
      classNames={{ description: classes['modelFinds'] ?? '' }}
      size="xs"
      label={w.label}
      description={w.detail(mirrored.looks, mirrored.isUsual)}
      checked={stated ?? mirrored.isUsual}
      onChange={({ currentTarget }) => void mirrorModel(modelId, currentTarget.checked)}
    />
  );
}
