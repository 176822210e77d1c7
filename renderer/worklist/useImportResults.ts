/** Reads the worklist anew when something came into the vault, and tells how an import went. */
import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import type { ImportResult } from '#contract/schemas/importResult.ts';
import { onJobFinished, type ShownJob } from '../app/jobsStore.ts';
import { words } from '../words/index.ts';
import { needsReading, useImportReport } from './importReportStore.ts';
import { useWorklist } from './worklistStore.ts';

export function useImportResults(): void {
  useEffect(
    () =>
      onJobFinished((job) => {
        if (job.state !== 'failed')
          void useWorklist
            .getState()
            .load()
            .then(() => chooseImported(job));
        if (job.state === 'done' && job.kind === 'import' && job.result !== null) tell(job);
      }),
    [],
  );
}

/** What was brought in is what the person wants to see next. */
function chooseImported(job: ShownJob): void {
  if (job.state !== 'done' || job.kind !== 'import' || job.result === null) return;
  const [seriesId] = (job.result as ImportResult).series;
  const { studies, select } = useWorklist.getState();
  const study = studies?.find(({ series }) => series.some(({ id }) => id === seriesId));
  if (study) select(study.id);
}

function tell(job: ShownJob): void {
  // The host has checked it against contract/schemas/job.ts; `result` has one shape per kind of job.
  const result = job.result as ImportResult;
  if (needsReading(result)) {
    useImportReport.getState().show(result);
    return;
  }
  notifications.show({
    ...{ id: job.id, role: 'status', color: 'accept', autoClose: 8000 },
    ...{ title: words.worklist.report.done, message: words.worklist.report.summary(result) },
  });
}
