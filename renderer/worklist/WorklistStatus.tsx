/** The status line of the worklist: how many studies, the jobs, when the vault locks. */
import { IconShieldCheck } from '@tabler/icons-react';
import { JobStatus } from '../app/JobStatus.tsx';
import { useMinutesToLock } from '../app/useAutoLock.ts';
import { words } from '../words/index.ts';
import classes from './worklist.module.css';
import { useWorklist } from './worklistStore.ts';

export function WorklistStatus({ shownCount, hasSelection }: { shownCount: number; hasSelection: boolean }) {
  const count = useWorklist((state) => state.studies?.length ?? null);
  const minutes = useMinutesToLock((state) => state.minutes);
  return (
    <footer className={classes['status']}>
      <span role="status" className="figures">
        {count === null ? words.worklist.loading : words.worklist.status(shownCount, count, hasSelection)}
      </span>
      <JobStatus />
      <span className={classes['unlocked']}>
        <IconShieldCheck size={14} stroke={1.6} aria-hidden />
        {minutes === null ? words.app.locking.unlocked : words.app.locking.locksIn(minutes)}
      </span>
    </footer>
  );
}
