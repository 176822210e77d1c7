/** Whether a network looks at the mirror images of a series too (test-time augmentation): steadier, and as many times as long. */
import type { RunEstimate } from '#contract/schemas/inference.ts';
import { words } from '../words/index.ts';
import { mirrorModel, useModels } from './aiStore.ts';
import { LookChoice } from './LookChoice.tsx';

interface MirrorChoiceProps {
  readonly modelId: string;
  /** undefined: on its way; its place is kept, so that nothing below moves when it comes */
  readonly estimate: RunEstimate | undefined;
}

export function MirrorChoice({ modelId, estimate }: MirrorChoiceProps) {
  const stated = useModels((state) => state.mirrored.get(modelId));
  const w = words.editor.ai.mirror;
  if (!estimate) return <LookChoice label={w.label} detail={w.unknown} isChosen={false} />;
  const { fits, looks, mirrored } = estimate;
  // What does not fit with mirror images may fit without.
  if (mirrored.looks === 1 || (fits === 'no' && looks === 1)) return null;
  return (
    <LookChoice
      label={w.label}
      detail={w.detail(mirrored.looks, mirrored.isUsual)}
      isChosen={stated ?? mirrored.isUsual}
      onChoose={(isMirrored) => void mirrorModel(modelId, isMirrored)}
    />
  );
}
