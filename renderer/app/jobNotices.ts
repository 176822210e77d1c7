/** Tells a person in words how each job ended; failures stay until they are dismissed. */
import { notifications } from '@mantine/notifications';
import { words } from '../words/index.ts';
import type { ShownJob } from './jobsStore.ts';

/** @param job one that has just ended */
export function tellJobEnded(job: ShownJob): void {
  // A model's import has a dialog of its own, which tells how it went.
  if (job.kind === 'model') return;
  const { jobs } = words.app;
  if (job.state === 'failed' && job.error) {
    notifications.show({
      id: job.id,
      role: 'alert',
      color: 'danger',
      title: jobs.failed(job.title),
      message: `${job.error.message} ${job.error.hint}`,
      autoClose: false,
    });
  }
  if (job.state === 'cancelled') {
    notifications.show({ id: job.id, role: 'status', color: 'gray', title: jobs.cancelled(job.title), message: '' });
  }
  // An import tells its own result, file by file (worklist/ImportReport.tsx), and an upload only hands over to it.
  if (job.state === 'done' && job.kind !== 'import') {
    notifications.show({ id: job.id, role: 'status', color: 'accept', title: jobs.done(job.title), message: '' });
  }
}
