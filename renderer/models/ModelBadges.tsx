/** What a model may be used for and what it reads, in one or two words each, wherever it can be chosen. */
import { IconFlask, IconMicroscope } from '@tabler/icons-react';
import type { ModelLook, ModelSummary } from '#contract/schemas/model.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';

export interface ModelBadgesProps {
  readonly model: Pick<ModelSummary | ModelLook, 'modality' | 'use'>;
  readonly isImported?: boolean;
}

export function ModelBadges({ model: { modality, use }, isImported = false }: ModelBadgesProps) {
  const w = words.models;
  return (
    <>
      {modality && <StatusBadge>{modality === 'any' ? w.anyModality : modality}</StatusBadge>}
      {use === 'demonstration' && (
        <StatusBadge tone="warning" icon={IconFlask} title={w.demonstrationTitle}>
          {w.demonstration}
        </StatusBadge>
      )}
      {use === 'research' && (
        <StatusBadge tone="warning" icon={IconMicroscope} title={w.researchTitle}>
          {w.research}
        </StatusBadge>
      )}
      {isImported && <StatusBadge>{w.imported}</StatusBadge>}
    </>
  );
}
