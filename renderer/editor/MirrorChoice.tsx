/** Whether a network looks at the mirror images of a series too (test-time augmentation): steadier, and as many times as long. */
import { Checkbox } from '@mantine/core';
import type { RunEstimate } from '#contract/schemas/inference.ts';
import { words } from '../words/index.ts';
import { mirrorModel, useModels } from './aiStore.ts';
import classes from './editor.module.css';

interface MirrorChoiceProps {
  readonly modelId: string;
  /** undefined: on its way; its place is kept, so that nothing below moves when it comes */
  readonly estimate: RunEstimate | undefined;
}

export function MirrorChoice({ modelId, estimate }: MirrorChoiceProps) {
  const stated = useModels((state) => state.mirrored.get(modelId));
  const w = words.editor.ai.mirror;
  if (!estimate) {
    return (
      <Checkbox
        className={classes['mirror']}
        size="xs"
        label={w.label}
        description={w.unknown}
        checked={false}
        disabled
      />
    );
  }
  const { fits, looks, mirrored } = estimate;
  // What does not fit with mirror images may fit without.
  if (mirrored.looks === 1 || (fits === 'no' && looks === 1)) return null;
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
