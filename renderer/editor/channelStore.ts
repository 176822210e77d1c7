/**
 * Which series is which channel of a network that reads several together: said by a person, never guessed.
 * The open series is the first channel, and the mask lies on its grid. Next: ChannelChoice.tsx.
 */
import { create } from 'zustand';
import type { ModelSummary } from '#contract/schemas/model.ts';
import type { SeriesSummary } from '#contract/schemas/study.ts';
import { rpc } from '../app/client.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { tellError } from './segmentationStore.ts';

export interface StatedChannel {
  readonly name: string;
  readonly seriesId: string;
}

export interface Companion {
  readonly series: SeriesSummary;
  /** Of a volume file: the file's name. */
  readonly patientName: string;
}

interface ChannelState {
  /** The series that all of this is about. */
  readonly seriesId: string | null;
  /** The same patient's other series, those of the same study first; beside a volume file other volume files. null: not asked yet. */
  readonly companions: readonly Companion[] | null;
  /** By model, then by channel. */
  readonly stated: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export const useChannels = create<ChannelState>()(() => ({ seriesId: null, companions: null, stated: new Map() }));

/** Asks for the series that may be channels beside the open one. What was stated for another series is forgotten. */
export async function loadCompanions(): Promise<void> {
  const { detail } = useViewer.getState();
  if (!detail || useChannels.getState().seriesId === detail.series.id) return;
  const seriesId = detail.series.id;
  useChannels.setState({ seriesId, companions: null, stated: new Map() });
  try {
    const { studies } = await rpc.studies.list();
    const { id, patientId, patientName, patientBirthDate } = detail.study;
    const isSamePatient = (study: (typeof studies)[number]): boolean =>
      // A volume file names no patient.
      (patientId === '' && study.patientId === '') ||
      (study.patientId === patientId &&
        study.patientName === patientName &&
        study.patientBirthDate === patientBirthDate);
    const companions = studies
      .filter((study) => study.id === id || isSamePatient(study))
      .toSorted((a, b) => Number(b.id === id) - Number(a.id === id))
      .flatMap((study) => study.series.map((series) => ({ series, patientName: study.patientName })))
      .filter(({ series }) => series.id !== seriesId && series.size.every((n) => n > 0));
    if (useChannels.getState().seriesId === seriesId) useChannels.setState({ companions });
  } catch (error) {
    useChannels.setState({ seriesId: null });
    tellError(error);
  }
}

/** @param seriesId null: none any more. A series that was another channel of this model is that no longer. */
export function stateChannel(modelId: string, name: string, seriesId: string | null): void {
  const { stated } = useChannels.getState();
  const others = [...(stated.get(modelId) ?? [])].filter(([n, id]) => n !== name && id !== seriesId);
  const channels = new Map(seriesId === null ? others : [...others, [name, seriesId] as const]);
  useChannels.setState({ stated: new Map([...stated, [modelId, channels]]) });
}

/** @returns null: some channel has no series yet */
export function statedChannels(
  { id, channels: [, ...names] }: ModelSummary,
  stated: ChannelState['stated'],
): StatedChannel[] | null {
  const all = names.flatMap((name) => {
    const seriesId = stated.get(id)?.get(name);
    return seriesId === undefined ? [] : [{ name, seriesId }];
  });
  return all.length === names.length ? all : null;
}
