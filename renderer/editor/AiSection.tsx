/** Networks on this machine: which, whether it fits this series, what it would take, its card, Run; what runs, with Cancel. */
import { Button, Loader, Progress } from '@mantine/core';
import { IconFileDescription, IconPlayerPlay, IconPuzzle, IconUsb } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { isActive, useJobs } from '../app/jobsStore.ts';
import { openModelImport } from '../models/importStore.ts';
import { ModelCardModal } from '../models/ModelCardModal.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import { type AskedRun, cancelRun, loadEstimates, loadModels, prepareRun, runModel, useModels } from './aiStore.ts';
import { ChannelChoice } from './ChannelChoice.tsx';
import { CollapsibleSection } from './CollapsibleSection.tsx';
import { statedChannels, useChannels } from './channelStore.ts';
import classes from './editor.module.css';
import { MirrorChoice } from './MirrorChoice.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { RegionChoice } from './RegionChoice.tsx';
import { useEditor } from './segmentationStore.ts';

export function AiSection() {
  const models = useModels((state) => state.models);
  const seriesId = useEditor((state) => state.seriesId);
  const w = words.editor.ai;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew for every series
  useEffect(() => void loadEstimates(), [seriesId]);
  return (
    <CollapsibleSection title={w.title} onOpen={showNetworks} onFold={hideNetworks}>
      {models === null && (
        <p className={classes['quiet']}>
          <Loader size={12} /> {w.loading}
        </p>
      )}
      {models?.length === 0 && (
        <EmptyState icon={IconPuzzle} sentence={w.none} detail={w.noneDetail}>
          <Button size="compact-sm" onClick={() => openModelImport()}>
            {words.models.import.openMore}
          </Button>
        </EmptyState>
      )}
      {models !== null && models.length > 0 && <Networks models={models} />}
    </CollapsibleSection>
  );
}

function showNetworks(): void {
  useModels.setState({ isOpen: true });
  void loadModels();
}

function hideNetworks(): void {
  useModels.setState({ isOpen: false });
}

function Networks({ models }: { readonly models: readonly ModelSummary[] }) {
  const all = useRef<HTMLDivElement>(null);
  // The section opens low in the panel. Newer browsers answer with a promise, which an effect must not return.
  useEffect(() => void all.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={all}>
      {/* Above the list, which grows when estimates come: Run and Cancel must not move under a hand. */}
      <ModelActs />
      <Runs />
      <fieldset className={classes['models']}>
        <legend>{words.editor.ai.choose}</legend>
        {models.map((model) => (
          <ModelChoice key={`${model.id} ${model.version}`} model={model} />
        ))}
      </fieldset>
    </div>
  );
}

function ModelActs() {
  const model = useModels((state) => state.models?.find(({ id }) => id === state.chosenId) ?? null);
  const estimate = useModels((state) => (model ? state.estimates.get(model.id) : undefined));
  const isAsked = useModels((state) => state.runs.some(({ modelId }) => modelId === model?.id));
  const isReady = useViewer((state) => state.loading.state === 'ready');
  const [read, setRead] = useState<ModelSummary | null>(null);
  const w = words.editor.ai;
  const isForSeveral = (model?.channels.length ?? 0) > 1;
  const stated = useChannels((state) => state.stated);
  const channels = model && statedChannels(model, stated);
  const isImpossible = !model || model.problem !== null || estimate?.fits === 'no' || !channels;
  return (
    <div className={classes['buttons']}>
      <Button
        size="compact-sm"
        leftSection={<IconPlayerPlay size={14} stroke={1.8} aria-hidden />}
        disabled={isImpossible || isAsked || !isReady}
        onPointerEnter={prepareRun}
        onFocus={prepareRun}
        onClick={() => model && channels && void runModel(model.id, channels)}
      >
        {w.run}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconFileDescription size={14} stroke={1.6} aria-hidden />}
        aria-label={model ? w.cardNamed(model.name) : w.card}
        disabled={!model}
        onClick={() => setRead(model)}
      >
        {w.card}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={<IconUsb size={14} stroke={1.6} aria-hidden />}
        onClick={() => openModelImport()}
      >
        {words.models.import.openMore}
      </Button>
      {model && !model.problem && isForSeveral && <ChannelChoice model={model} />}
      {model && !model.problem && <RegionChoice modelId={model.id} estimate={estimate} />}
      {model && !model.problem && <MirrorChoice modelId={model.id} estimate={estimate} />}
      <ModelCardModal model={read} onClose={() => setRead(null)} />
    </div>
  );
}

function Runs() {
  const runs = useModels((state) => state.runs);
  return runs.map((run) => run.jobId && <RunProgress key={run.jobId} run={run} jobId={run.jobId} />);
}

function RunProgress({ run, jobId }: { readonly run: AskedRun; readonly jobId: string }) {
  const job = useJobs((state) => state.jobs.get(jobId));
  const name = useModels((state) => state.models?.find(({ id }) => id === run.modelId)?.name ?? run.modelId);
  if (!job || !isActive(job)) return null;
  const { done, total, phase } = job.progress;
  const w = words.editor.ai;
  const text = w.progress(phase || w.starting, done, total);
  return (
    <div className={classes['run']}>
      <div className={classes['modelProgress']}>
        <strong>{name}</strong>
        <span className={classes['quiet']} role="status">
          {text}
        </span>
        {job.coarse && (
          <span className={classes['quiet']}>{w.coarseDetail(job.coarse.agreement?.toFixed(2) ?? null)}</span>
        )}
        <Progress size={4} value={total > 0 ? (100 * done) / total : 0} aria-label={w.progressOf(name)} />
      </div>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={w.cancelNamed(name)}
        onClick={() => void cancelRun(jobId)}
      >
        {w.cancel}
      </Button>
    </div>
  );
}
