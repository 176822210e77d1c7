/** Which series are the further channels of a network that reads several. */
import { Select } from '@mantine/core';
import { useEffect } from 'react';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import { type Companion, loadCompanions, stateChannel, useChannels } from './channelStore.ts';
import classes from './editor.module.css';

export function ChannelChoice({ model }: { readonly model: ModelSummary }) {
  const detail = useViewer((state) => state.detail);
  const companions = useChannels((state) => state.companions);
  const stated = useChannels((state) => state.stated.get(model.id));
  const w = words.editor.ai.channels;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew for every series
  useEffect(() => void loadCompanions(), [detail?.series.id]);
  const own = detail?.study.patientName ?? '';
  const [first = '', ...others] = model.channels;
  return (
    <fieldset className={classes['channels']}>
      <legend>{w.title}</legend>
      <p className={classes['quiet']}>
        {w.first(first, detail ? labelOf({ series: detail.series, patientName: own }, own) : '')}
      </p>
      {companions?.length === 0 && <p className={classes['problem']}>{w.none}</p>}
      {others.map((name) => (
        <Select
          key={name}
          size="xs"
          label={name}
          placeholder={companions === null ? w.loading : w.choose}
          disabled={!companions || companions.length === 0}
          clearable
          value={stated?.get(name) ?? null}
          data={(companions ?? []).map((companion) => ({ value: companion.series.id, label: labelOf(companion, own) }))}
          onChange={(seriesId) => stateChannel(model.id, name, seriesId)}
        />
      ))}
    </fieldset>
  );
}

/** Two series of one description are told apart by number and size, two volume files by their names. */
function labelOf({ series, patientName }: Companion, own: string): string {
  const { number, description, modality, size } = series;
  const name = description || modality || words.editor.ai.channels.unnamed;
  const other = patientName === own || patientName === name ? null : patientName;
  const parts = [number, name, other, size.join(' × ')];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
