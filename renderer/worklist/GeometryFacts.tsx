/** What a person must know of a series' geometry before measuring in it: every warning in words, or that there is none. */
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { SeriesSummary } from '#contract/schemas/study.ts';
import { PanelSection } from '../ui/PanelSection.tsx';
import { words } from '../words/index.ts';
import classes from './details.module.css';

export function GeometryFacts({ series }: { readonly series: SeriesSummary }) {
  return (
    <PanelSection title={words.worklist.geometry.title}>
      <ul className={classes['facts']}>
        {series.warnings.map(({ code, message }) => (
          <li key={code + message} data-tone="warning">
            <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
            {message}
          </li>
        ))}
        {series.warnings.length === 0 && (
          <li data-tone="good">
            <IconCircleCheck size={16} stroke={1.6} aria-hidden />
            {words.worklist.geometry.good}
          </li>
        )}
      </ul>
    </PanelSection>
  );
}
