import { describe, expect, it } from 'vitest';
import type { SeriesSummary, StudySummary } from '#contract/schemas/study.ts';
import { type Selection, selectStudies } from './selectStudies.ts';
import { mainSeries, modalityOf, stateOf, whatOf } from './studyFacts.ts';

const now = new Date(2026, 10, 25, 12);
const everything: Selection = { show: 'all', modality: null, search: '', column: 'date', descending: true };

function series(change: Partial<SeriesSummary> = {}): SeriesSummary {
  return {
    ...{ id: 'series', seriesInstanceUid: '1.2', modality: 'CT', number: 1, description: '', bodyPart: '' },
    ...{ instances: 10, bytes: 1000, size: [4, 4, 10], spacingMm: [1, 1, 1], originLps: [0, 0, 0] },
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    ...{ warnings: [], hasThumbnail: false, segmentations: [] },
    ...change,
  };
}

function study(change: Partial<StudySummary> = {}): StudySummary {
  return {
    ...{ id: 'study', studyInstanceUid: '1.1', patientName: 'Phantom^Head', patientId: '10-2280' },
    ...{ patientBirthDate: '', patientSex: 'O', studyDate: '2026-11-18', description: 'Brain', accessionNumber: '' },
    ...{ importedAt: '2026-11-18T10:00:00Z', isDemonstration: false, series: [series()] },
    ...change,
  };
}

const proposal = {
  ...({ id: 's', name: 'Liver', state: 'proposed', origin: 'model' } as const),
  modifiedAt: '2026-11-25T10:00:00Z',
  segments: [{ number: 1, name: 'Liver', color: '#aa0000', voxels: 5, volumeMl: 1 }],
};
const warning = { code: 'geometry/missing-slice', message: 'A slice is missing at 112.0 mm.' };
const idsOf = (studies: readonly StudySummary[]) => studies.map(({ id }) => id);

describe('selectStudies', () => {
  it('finds by name, ID, description, accession and series, without case and accents', () => {
    const muller = study({ id: 'a', patientName: 'Müller^Änne', patientId: 'X-7', accessionNumber: '88213' });
    const other = study({ id: 'b', series: [series({ description: 'Portal venous' })] });
    const find = (search: string) => idsOf(selectStudies([muller, other], { ...everything, search }, now));
    expect(find('muller anne')).toEqual(['a']);
    expect(find('x-7')).toEqual(['a']);
    expect(find('88213')).toEqual(['a']);
    expect(find('PORTAL')).toEqual(['b']);
    expect(find('muller portal')).toEqual([]);
  });

  it('shows what waits, what warns and what is of today', () => {
    const studies = [
      study({ id: 'proposal', series: [series({ segmentations: [proposal] })] }),
      study({ id: 'warning', series: [series({ warnings: [warning] })] }),
      study({ id: 'done today', studyDate: '2026-11-25' }),
      study({ id: 'imported today', importedAt: now.toISOString() }),
    ];
    const shown = (show: Selection['show']) => idsOf(selectStudies(studies, { ...everything, show }, now)).sort();
    expect(shown('proposals')).toEqual(['proposal']);
    expect(shown('warnings')).toEqual(['warning']);
    expect(shown('today')).toEqual(['done today', 'imported today']);
    expect(shown('all')).toHaveLength(4);
  });

  it('sorts numbers as numbers and leaves the given array alone', () => {
    const studies = [9, 100, 20].map((bytes) => study({ id: String(bytes), series: [series({ bytes })] }));
    const sorted = selectStudies(studies, { ...everything, column: 'size', descending: false }, now);
    expect(idsOf(sorted)).toEqual(['9', '20', '100']);
    expect(idsOf(studies)).toEqual(['9', '100', '20']);
  });
});

describe('studyFacts', () => {
  it('opens the series with the most slices', () => {
    const localizer = series({ id: 'localizer', instances: 2 });
    const volume = series({ id: 'volume', instances: 129 });
    expect(mainSeries(study({ series: [localizer, volume] }))?.id).toBe('volume');
    expect(mainSeries(study({ series: [] }))).toBeNull();
  });

  it('writes every modality once', () => {
    expect(modalityOf(study({ series: [series({ modality: 'PT' }), series(), series()] }))).toBe('PT/CT');
  });

  it('does not say the same words twice', () => {
    expect(whatOf(study({ description: 'Liver', series: [series({ description: 'liver' })] }))).toBe('Liver');
    expect(whatOf(study({ description: 'Liver', series: [series({ description: 'Arterial' })] }))).toBe(
      'Liver, Arterial',
    );
    expect(whatOf(study({ description: '', series: [series({ bodyPart: 'CHEST' })] }))).toBe('CHEST');
  });

  it('puts what waits for a person before everything else', () => {
    const accepted = { ...proposal, state: 'accepted' as const };
    const kind = (change: Partial<SeriesSummary>) => stateOf(study({ series: [series(change)] }), now).kind;
    expect(kind({ segmentations: [accepted, proposal], warnings: [warning] })).toBe('proposal');
    expect(kind({ segmentations: [accepted], warnings: [warning] })).toBe('segmented');
    expect(kind({ warnings: [warning] })).toBe('warning');
    expect(kind({})).toBe('untouched');
  });
});
