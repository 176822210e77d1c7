/** The active jobs in a status line: what, how far, time left, Cancel. Every status line of the program shows it. */
import { Popover, Progress, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { words } from '../words/index.ts';
import classes from './JobStatus.module.css';
import { activeJobs, type ShownJob, useJobs } from './jobsStore.ts';
import { durationInWords, secondsLeft } from './timeLeft.ts';

export function JobStatus() {
  const active = activeJobs(useJobs((state) => state.jobs));
  const [first, ...others] = active;
  if (!first) return null;
  return (
    <div className={classes['jobs']}>
      <JobLine job={first} />
      {others.length > 0 && (
        <Popover position="top-end" withArrow shadow="md">
          <Popover.Target>
            <UnstyledButton className={classes['more']}>{words.app.jobs.more(others.length)}</UnstyledButton>
          </Popover.Target>
          <Popover.Dropdown>
            {others.map((job) => (
              <JobLine key={job.id} job={job} />
            ))}
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}

function JobLine({ job }: { readonly job: ShownJob }) {
  const now = useSecondTick();
  const { done, total, unit, phase } = job.progress;
  const left = secondsLeft(job, now);
  const count = total > 0 ? words.app.jobs.count(done, total, unit) : phase;
  return (
    <div className={classes['job']}>
      <span className={classes['title']}>
        {job.title}
        {count && `: ${count}`}
      </span>
      <Progress
        className={classes['bar'] ?? ''}
        value={total > 0 ? (100 * done) / total : 100}
        animated={total <= 0}
        size={4}
        aria-label={job.title}
      />
      {left !== null && <span className={classes['left']}>{words.app.jobs.left(durationInWords(left))}</span>}
      <UnstyledButton
        className={classes['cancel']}
        aria-label={words.app.jobs.cancelNamed(job.title)}
        onClick={() =>
          void useJobs
            .getState()
            .cancel(job.id)
            .catch(() => {})
        }
      >
        {words.app.cancel}
      </UnstyledButton>
    </div>
  );
}

/** The present time, new every second. */
function useSecondTick(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
