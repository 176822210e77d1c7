/** The last step of the first start: the demonstration study is written into the vault, so that there is something to open. */
import { Button, Progress, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { LanternError } from '#core/errors/lanternError.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { rpc } from './client.ts';
import { errorOf } from './errorOf.ts';
import { GatePage } from './GatePage.tsx';
import classes from './gate.module.css';
import { isActive, useJobs } from './jobsStore.ts';
import { useSession } from './sessionStore.ts';

export function DemonstrationStep() {
  const said = words.app.demonstration;
  const [jobId, setJobId] = useState<string | null>(null);
  const [error, setError] = useState<LanternError | null>(null);
  const job = useJobs((state) => (jobId ? state.jobs.get(jobId) : undefined));
  const started = useRef(false);
  const { finishSetup } = useSession.getState();

  const start = () => {
    setError(null);
    rpc.demo.install().then(
      (answer) => setJobId(answer.jobId),
      (failure) => setError(errorOf(failure)),
    );
  };
  useEffect(() => {
    // Effects run twice in development; the study is to be made once.
    if (started.current) return;
    started.current = true;
    start();
  });
  const done = job?.state === 'done';
  const failure = error ?? (job?.state === 'failed' ? job.error : null);
  const { progress } = job ?? {};
  const share = done ? 100 : progress && progress.total > 0 ? (100 * progress.done) / progress.total : 0;
  return (
    <GatePage title={said.title} lead={said.lead} step={[3, 3]} footer={words.app.notADevice}>
      <Stack gap="lg">
        {failure ? (
          <ErrorNotice error={failure} onRetry={start} />
        ) : (
          <div>
            <Progress value={share} animated={!job || isActive(job)} size={6} aria-label={said.title} />
            <div className={classes['progressLine']} role="status">
              <span>{done ? said.ready : progress?.phase || said.starting}</span>
              {progress && progress.total > 0 && (
                <span>{words.app.jobs.count(progress.done, progress.total, progress.unit)}</span>
              )}
            </div>
          </div>
        )}
        <Button size="md" variant={done ? 'filled' : 'default'} onClick={finishSetup}>
          {done ? said.go : said.goNow}
        </Button>
      </Stack>
    </GatePage>
  );
}
