/** Networks on this machine: what each is for, why one can't run, Run, progress in place, Cancel. The result is a proposal. */
import { Button, Loader, Progress } from '@mantine/core';
import { useState } from 'react';
import type { ModelSummary } from '#contract/schemas.ts';
import { isActive, type ShownJob, useJobs } from '../app/jobsStore.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import { cancelModel, loadModels, prepareRun, runModel, useModels } from './aiStore.ts';
import { CollapsibleSection } from './CollapsibleSection.tsx';
import classes from './editor.module.css';

export function AiSection() {
  const models = useModels((state) => state.models);
  const w = words.editor.ai;
  return (
    <CollapsibleSection title={w.title} onOpen={() => void loadModels()}>
      {models === null && (
        <p className={classes['quiet']}>
          <Loader size={12} /> {w.loading}
        </p>
      )}
      {models?.length === 0 && <p className={classes['quiet']}>{w.none}</p>}
      {models?.map((model) => (
        <Model key={`${model.id} ${model.version}`} model={model} />
      ))}
    </CollapsibleSection>
  );
}

function Model({ model }: { readonly model: ModelSummary }) {
  const modality = useViewer((state) => state.detail?.series.modality ?? '');
  const isReady = useViewer((state) => state.loading.state === 'ready');
  const jobId = useModels((state) => (state.runningModelId === model.id ? state.jobId : null));
  const isBusy = useModels((state) => state.runningModelId !== null);
  const job = useJobs((state) => (jobId === null ? undefined : state.jobs.get(jobId)));
  const [isStarting, setStarting] = useState(false);
  const { problem } = model;
  const isOther = model.modality !== modality;
  const w = words.editor.ai;
  return (
    <div className={classes['model']}>
      <div className={classes['modelHead']}>
        <strong className={classes['name']}>
          {model.name} <span className={classes['quiet']}>{model.version}</span>
        </strong>
        <Button
          size="compact-xs"
          variant="default"
          disabled={problem !== null || isOther || isBusy || isStarting || !isReady}
          onPointerEnter={prepareRun}
          onFocus={prepareRun}
          onClick={() => {
            setStarting(true);
            void runModel(model.id).finally(() => setStarting(false));
          }}
        >
          {w.run}
        </Button>
      </div>
      {model.demonstrationOnly && <StatusBadge tone="warning">{w.demonstration}</StatusBadge>}
      {isOther && <p className={classes['quiet']}>{w.forModality(model.modality)}</p>}
      {problem ? (
        <p className={classes['problem']}>
          {problem.message} {problem.hint}
        </p>
      ) : (
        <p className={classes['quiet']}>{model.intendedUse}</p>
      )}
      {job && isActive(job) && <ModelProgress job={job} />}
    </div>
  );
}

function ModelProgress({ job }: { readonly job: ShownJob }) {
  const { done, total, phase } = job.progress;
  const w = words.editor.ai;
  const text = w.progress(phase || w.starting, done, total);
  return (
    <div className={classes['modelHead']}>
      <div className={classes['modelProgress']}>
        <span className={classes['quiet']}>{text}</span>
        <Progress size={4} value={total > 0 ? (100 * done) / total : 0} aria-label={text} />
      </div>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void cancelModel()}>
        {w.cancel}
      </Button>
    </div>
  );
}
