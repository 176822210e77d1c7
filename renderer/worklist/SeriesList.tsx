/** The series of a study: a click chooses which one Open opens, a double click opens it. */
import { UnstyledButton } from '@mantine/core';
import type { SeriesSummary } from '#contract/schemas/study.ts';
import { words } from '../words/index.ts';
import classes from './details.module.css';
import { formatGrid } from './formatGrid.ts';
import { SeriesThumbnail } from './SeriesThumbnail.tsx';

export interface SeriesListProps {
  readonly series: readonly SeriesSummary[];
  readonly chosenId: string | null;
  readonly onChoose: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

export function SeriesList({ series, chosenId, onChoose, onOpen }: SeriesListProps) {
  return (
    <ul className={classes['seriesList']}>
      {series.map((each) => (
        <li key={each.id}>
          <UnstyledButton
            className={classes['series']}
            aria-pressed={each.id === chosenId}
            onClick={() => onChoose(each.id)}
            onDoubleClick={() => onOpen(each.id)}
          >
            <SeriesThumbnail series={each} />
            <span className={classes['seriesWords']}>
              <span>{each.description || words.worklist.unnamedSeries(each.modality, each.number)}</span>
              <span className={classes['seriesGrid']}>
                {formatGrid(each).map((part) => (
                  <span key={part}>{part}</span>
                ))}
              </span>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
