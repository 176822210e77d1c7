/** Why a segment of a proposal is there: what its network needs to see, its attention maps, and the legend. State: explanationStore.ts. */
import { Button, Loader, NativeSelect, Progress } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import type { ExplanationEstimate } from '#contract/schemas/explanation.ts';
import { useJobs } from '../app/jobsStore.ts';
import { durationInWords } from '../app/timeLeft.ts';
import { words } from '../words/index.ts';
import { CollapsibleSection } from './CollapsibleSection.tsx';
import doubtClasses from './doubt.module.css';
import { doubtfulOf } from './doubtStore.ts';
import { ExplanationLegend } from './ExplanationLegend.tsx';
import classes from './editor.module.css';
import {
  cancelExplanation,
  chooseToExplain,
  explainable,
  explainByHiding,
  goToStrongest,
  openExplanation,
  showAttention,
  showExplanation,
  useExplanation,
} from './explanationStore.ts';
import { useEditor } from './segmentationStore.ts';

export function ExplanationSection() {
  const segmentationId = useExplanation((state) => state.segmentationId);
  const subject = useEditor(doubtfulOf);
  const chosen = useExplanation((state) => state.chosen);
  const w = words.explanation;
  if (subject === null || subject.id !== segmentationId) return null;
  const segments = explainable({ proposal: subject, current: null });
  const [first] = segments;
  if (!first) return null;
  return (
    <CollapsibleSection
      title={w.title}
      of={segmentationId}
      onOpen={() => {
        openExplanation(true);
        void chooseToExplain(chosen ?? first.number);
      }}
      onFold={() => openExplanation(false)}
    >
      <p className={classes['quiet']}>{w.about}</p>
      <NativeSelect
        size="xs"
        label={w.segment}
        value={String(chosen ?? first.number)}
        data={segments.map(({ number, name }) => ({ value: String(number), label: name }))}
        onChange={(event) => void chooseToExplain(Number(event.currentTarget.value))}
      />
      <Acts />
      <Running />
      <Shown />
    </CollapsibleSection>
  );
}

function Acts() {
  const estimate = useExplanation((state) => state.estimate);
  const isRunning = useExplanation((state) => state.jobId !== null);
  const w = words.explanation;
  if (estimate === null) return null;
  if (estimate === 'asking') {
    return (
      <p className={classes['quiet']}>
        <Loader size={12} /> {w.asking}
      </p>
    );
  }
  if ('why' in estimate) {
    return (
      <p className={classes['quiet']}>
        {w.impossible} {estimate.why}
      </p>
    );
  }
  return (
    <>
      <p className={classes['quiet']}>{whatItTakes(estimate)}</p>
      <div className={classes['buttons']}>
        <Button size="compact-sm" disabled={isRunning} onClick={() => void explainByHiding()}>
          {w.hide}
        </Button>
        {estimate.attention.map((name) => (
          <Button
            key={name}
            size="compact-sm"
            variant="default"
            disabled={isRunning}
            onClick={() => void showAttention(name)}
          >
            {w.attention(name)}
          </Button>
        ))}
      </div>
    </>
  );
}

function whatItTakes({ patchMm, firstPatchMm, mostRuns, seconds }: ExplanationEstimate): string {
  const w = words.explanation;
  const sizes = [...new Set([firstPatchMm ?? 0, patchMm ?? 0])].map((mm) => w.millimetres(String(mm)));
  const time = seconds === null ? w.timeUnknown : w.time(durationInWords(seconds));
  return `${w.hideDetail(sizes, mostRuns)}, ${time}.`;
}

function Running() {
  const jobId = useExplanation((state) => state.jobId);
  const job = useJobs((state) => (jobId ? state.jobs.get(jobId) : undefined));
  if (jobId === null) return null;
  const { done, total, phase } = job?.progress ?? { done: 0, total: 0, phase: '' };
  const w = words.explanation;
  return (
    <div className={classes['run']}>
      <div className={classes['modelProgress']}>
        <span className={classes['quiet']} role="status">
          {w.progress(phase || w.starting, done, total)}
        </span>
        <Progress size={4} value={total > 0 ? (100 * done) / total : 0} aria-label={w.progressOf} />
      </div>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={w.cancelLabel}
        onClick={() => void cancelExplanation()}
      >
        {w.cancel}
      </Button>
    </div>
  );
}

function Shown() {
  const explained = useExplanation((state) => state.explained);
  const isShown = useExplanation((state) => state.overlay !== null);
  const w = words.explanation;
  if (explained === null) return null;
  const Icon = isShown ? IconEyeOff : IconEye;
  return (
    <div className={doubtClasses['legend']}>
      <ExplanationLegend explained={explained} />
      {explained.result.warnings.map(({ code, message }) => (
        <p key={code} className={classes['problem']}>
          {message}
        </p>
      ))}
      <div className={classes['buttons']}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon size={14} stroke={1.6} aria-hidden />}
          onClick={() => showExplanation(!isShown)}
        >
          {isShown ? w.close : w.show}
        </Button>
        {explained.kind === 'saliency' && (
          <Button size="compact-sm" variant="subtle" onClick={goToStrongest}>
            {w.goTo}
          </Button>
        )}
      </div>
      <p className={classes['quiet']}>{w.session}</p>
    </div>
  );
}
