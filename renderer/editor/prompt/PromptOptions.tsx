/** The panel of the tool that segments what is pointed at: what to do, how sure the outline is, Keep, Through slices. */
import { Button, Loader, Progress } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useJobs } from '../../app/jobsStore.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Keys } from '../../ui/Keys.tsx';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import classes from '../editor.module.css';
import { OverwriteField } from '../OverwriteField.tsx';
import { activeSegment, useEditor } from '../segmentationStore.ts';
import { contractPrompt, isAskable } from './contractPrompt.ts';
import { PromptFigures } from './PromptFigures.tsx';
import { cancelProposing, keepPrompt, proposePrompt } from './promptResults.ts';
import { clearPrompt, preparePrompt, usePrompt } from './promptStore.ts';

export function PromptOptions() {
  const seriesId = useEditor((state) => state.seriesId);
  const segment = useEditor(activeSegment);
  const { plane, points, box, previews, isAsking, error, jobId } = usePrompt();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another series is another volume to read
  useEffect(preparePrompt, [seriesId]);
  const top = useRef<HTMLSpanElement>(null);
  // What the outline is worth stands here: below a long proposal it would be out of sight.
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which an effect must not return.
    top.current?.closest('section')?.scrollIntoView({ block: 'nearest' });
  }, []);
  const w = words.prompt;
  const isEmpty = points.length === 0 && box === null;
  const isComplete = isAskable(contractPrompt({ plane, points, box }, null));
  return (
    <PanelSection
      title={w.label}
      actions={<span ref={top}>{isAsking ? <Loader size={12} aria-label={w.looking} /> : <Keys shortcut="S" />}</span>}
    >
      {previews.size === 0 && <p className={classes['quiet']}>{isEmpty || isComplete ? w.how : w.needsInside}</p>}
      {previews.size > 0 && <PromptFigures previews={[...previews.values()]} />}
      {previews.size > 0 && (
        <p className={classes['quiet']}>
          {segment ? w.into(segment.name) : w.intoNew} {w.throughInto}
        </p>
      )}
      {error && <ErrorNotice error={error} onDismiss={() => usePrompt.setState({ error: null })} />}
      <OverwriteField />
      <div className={classes['buttons']}>
        <Button size="compact-sm" disabled={previews.size === 0 || isAsking} onClick={() => void keepPrompt()}>
          {w.keep}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          title={w.throughHint}
          disabled={!isComplete || jobId !== null}
          onClick={() => void proposePrompt()}
        >
          {w.through}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" disabled={isEmpty} onClick={clearPrompt}>
          {w.clear}
        </Button>
      </div>
      {jobId !== null && <Following jobId={jobId} />}
    </PanelSection>
  );
}

function Following({ jobId }: { readonly jobId: string }) {
  const job = useJobs((state) => state.jobs.get(jobId));
  const { done, total, phase } = job?.progress ?? { done: 0, total: 0, phase: '' };
  const w = words.prompt;
  return (
    <div className={classes['modelHead']}>
      <div className={classes['modelProgress']}>
        <span className={classes['quiet']}>{w.following(phase, done, total)}</span>
        <Progress
          size={4}
          value={total > 0 ? (100 * done) / total : 100}
          animated={total <= 0}
          aria-label={w.progress}
        />
      </div>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={w.cancelLabel}
        onClick={() => void cancelProposing()}
      >
        {w.cancel}
      </Button>
    </div>
  );
}
