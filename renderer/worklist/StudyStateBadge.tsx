/** The state of a study in the table, with a sign beside it where the geometry has warnings. */
import { VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconSparkles } from '@tabler/icons-react';
import type { StudySummary } from '#contract/schemas/study.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import { stateOf, warningsOf } from './studyFacts.ts';
import classes from './worklist.module.css';

export function StudyStateBadge({ study }: { readonly study: StudySummary }) {
  const state = stateOf(study, new Date());
  const warnings = warningsOf(study);
  const said = words.worklist.states;
  const told = warnings.map(({ message }) => message).join('\n');
  return (
    <span className={classes['states']}>
      {state.kind === 'proposal' && (
        <StatusBadge tone="ai" icon={IconSparkles}>
          {said.proposal}
        </StatusBadge>
      )}
      {state.kind === 'segmented' && <StatusBadge tone="good">{said.segments(state.segments)}</StatusBadge>}
      {state.kind === 'new' && <StatusBadge tone="good">{said.new}</StatusBadge>}
      {state.kind === 'untouched' && <StatusBadge>{said.untouched}</StatusBadge>}
      {warnings.length > 0 && (
        <StatusBadge tone="warning" icon={IconAlertTriangle} title={told}>
          {state.kind === 'warning' ? said.warnings(warnings.length) : <Short count={warnings.length} />}
        </StatusBadge>
      )}
    </span>
  );
}

/** Beside another badge there is room for the number only; the words are still read out. */
function Short({ count }: { readonly count: number }) {
  return (
    <>
      <span aria-hidden>{count}</span>
      <VisuallyHidden>{words.worklist.states.warnings(count)}</VisuallyHidden>
    </>
  );
}
