/** The studies in the vault and what of them is on screen. Kept over a visit to a case, forgotten with the lock. */
import { create } from 'zustand';
import type { StudySummary } from '#contract/schemas/study.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from '../app/client.ts';
import { errorOf } from '../app/errorOf.ts';
import type { Column, Selection, Show } from './selectStudies.ts';
import { mainSeries } from './studyFacts.ts';

interface WorklistState extends Selection {
  /** null until they were read for the first time. */
  readonly studies: readonly StudySummary[] | null;
  readonly error: LanternError | null;
  readonly studyId: string | null;
  /** The series chosen in the details; null: the study's main one. */
  readonly seriesId: string | null;
  load(): Promise<void>;
  clear(): void;
  select(studyId: string | null, seriesId?: string | null): void;
  setShow(show: Show): void;
  setModality(modality: string | null): void;
  setSearch(search: string): void;
  /** The same column again turns the order round. */
  sortBy(column: Column): void;
}

const start = {
  ...{ studies: null, error: null, studyId: null, seriesId: null, modality: null, search: '' },
  ...({ show: 'all', column: 'date', descending: true } as const),
};

/** Of these the newest or largest comes first when they are chosen. */
const descendingColumns: readonly Column[] = ['date', 'images', 'size'];

export const useWorklist = create<WorklistState>()((set, get) => ({
  ...start,
  async load() {
    try {
      const { studies } = await rpc.studies.list();
      const stays = studies.some(({ id }) => id === get().studyId);
      set({ studies, error: null, ...(stays ? {} : { studyId: studies[0]?.id ?? null, seriesId: null }) });
    } catch (error) {
      set({ error: errorOf(error) });
    }
  },
  clear: () => set(start),
  select: (studyId, seriesId = null) => set({ studyId, seriesId }),
  setShow: (show) => set({ show }),
  setModality: (modality) => set({ modality }),
  setSearch: (search) => set({ search }),
  sortBy: (column) =>
    set((state) => ({
      column,
      descending: state.column === column ? !state.descending : descendingColumns.includes(column),
    })),
}));

/** @returns the id of the series that Open opens; null where the study has none */
export function seriesToOpen(study: StudySummary, chosenSeriesId: string | null): string | null {
  const chosen = study.series.find(({ id }) => id === chosenSeriesId);
  return (chosen ?? mainSeries(study))?.id ?? null;
}
