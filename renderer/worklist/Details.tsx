/** The chosen study at the right: preview, what can be done with it, its series, geometry and segmentations. */
import { Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconPlayerPlay, IconSparkles, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { SeriesSummary, StudySummary } from '#contract/schemas/study.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from '../app/client.ts';
import { errorOf } from '../app/errorOf.ts';
import { useSession } from '../app/sessionStore.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { PanelSection } from '../ui/PanelSection.tsx';
import { words } from '../words/index.ts';
import classes from './details.module.css';
import { GeometryFacts } from './GeometryFacts.tsx';
import { personName } from './personName.ts';
import { SegmentationFacts } from './SegmentationFacts.tsx';
import { SeriesList } from './SeriesList.tsx';
import { SeriesThumbnail } from './SeriesThumbnail.tsx';
import { sexAndAge } from './sexAndAge.ts';
import { segmentationsOf } from './studyFacts.ts';
import { seriesToOpen, useWorklist } from './worklistStore.ts';

export function Details({ study }: { readonly study: StudySummary | null }) {
  const seriesId = useWorklist((state) => state.seriesId);
  const series = study?.series.find(({ id }) => id === seriesToOpen(study, seriesId)) ?? null;
  return (
    <aside className={classes['details']} aria-label={words.worklist.details.label}>
      {study ? (
        <StudyDetails key={study.id} study={study} series={series} />
      ) : (
        <p className={classes['nothingChosen']}>{words.worklist.details.nothing}</p>
      )}
    </aside>
  );
}

function StudyDetails({ study, series }: { readonly study: StudySummary; readonly series: SeriesSummary | null }) {
  const said = words.worklist.details;
  const name = personName(study.patientName) || words.worklist.unnamed;
  const [error, setError] = useState<LanternError | null>(null);
  const { open } = useSession.getState();
  return (
    <>
      <SeriesThumbnail series={series} large alt={series ? said.preview(series.description || series.modality) : ''} />
      <section className={classes['who']}>
        <h2>{name}</h2>
        <p className="figures">{personFacts(study)}</p>
        <div className={classes['actions']}>
          <Button
            disabled={!series}
            leftSection={<IconPlayerPlay size={15} stroke={1.6} aria-hidden />}
            onClick={() => series && open(series.id)}
          >
            {said.open}
          </Button>
          <Button
            variant="default"
            disabled={!series}
            leftSection={<IconSparkles size={15} stroke={1.6} aria-hidden />}
            onClick={() => series && open(series.id, 'segment')}
          >
            {said.segment}
          </Button>
          <Button
            variant="default"
            leftSection={<IconTrash size={15} stroke={1.6} aria-hidden />}
            onClick={() => askToRemove(study, name, setError)}
          >
            {said.remove}
          </Button>
        </div>
        {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
      </section>
      <PanelSection title={said.series}>
        <SeriesList
          series={study.series}
          chosenId={series?.id ?? null}
          onChoose={(id) => useWorklist.getState().select(study.id, id)}
          onOpen={(id) => open(id)}
        />
      </PanelSection>
      {series && <GeometryFacts series={series} />}
      {series && <SegmentationFacts series={series} />}
    </>
  );
}

function personFacts(study: StudySummary): string {
  const { accession } = words.worklist.details;
  const parts = [sexAndAge(study), study.patientId, study.accessionNumber && accession(study.accessionNumber)];
  return parts.filter(Boolean).join(' · ');
}

/** Says what is lost before anything is. */
function askToRemove(study: StudySummary, name: string, onError: (error: LanternError) => void): void {
  const said = words.worklist.remove;
  const segmentations = segmentationsOf(study).length;
  modals.openConfirmModal({
    title: said.title(name),
    children: said.lost(study.series.length, segmentations),
    labels: { confirm: said.confirm, cancel: words.app.cancel },
    confirmProps: { color: 'danger' },
    closeButtonProps: { 'aria-label': words.app.close },
    onConfirm: () => {
      rpc.studies.remove({ id: study.id }).then(
        () => void useWorklist.getState().load(),
        (failure) => onError(errorOf(failure)),
      );
    },
  });
}
