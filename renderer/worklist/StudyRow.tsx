/** One study in the table. */
import { memo } from 'react';
import type { StudySummary } from '#contract/schemas/study.ts';
import { formatBytes } from '../ui/formatBytes.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import { personName } from './personName.ts';
import { SeriesThumbnail } from './SeriesThumbnail.tsx';
import { StudyStateBadge } from './StudyStateBadge.tsx';
import { bytesOf, instancesOf, mainSeries, modalityOf, whatOf } from './studyFacts.ts';
import classes from './worklist.module.css';

export interface StudyRowProps {
  readonly study: StudySummary;
  /** Counted from 1, the head included. */
  readonly rowIndex: number;
  readonly selected: boolean;
  /** The one row that Tab comes to. */
  readonly reachable: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
}

export const StudyRow = memo(function StudyRow({
  study,
  rowIndex,
  selected,
  reachable,
  onSelect,
  onOpen,
}: StudyRowProps) {
  const what = whatOf(study);
  const images =
    study.series.length > 1 ? words.worklist.seriesCount(study.series.length) : instancesOf(study).toLocaleString('en');
  return (
    <tr
      className={classes['row']}
      aria-selected={selected}
      aria-rowindex={rowIndex}
      tabIndex={reachable ? 0 : -1}
      onClick={onSelect}
      onDoubleClick={onOpen}
      onFocus={selected ? undefined : onSelect}
    >
      <td className={classes['thumbColumn']}>
        <SeriesThumbnail series={mainSeries(study)} />
      </td>
      <td>
        <div className={classes['patient']}>{personName(study.patientName) || words.worklist.unnamed}</div>
        <div className={classes['patientId']}>{study.patientId || words.worklist.noId}</div>
      </td>
      <td className="figures">{study.studyDate || words.worklist.noDate}</td>
      <td>
        <StatusBadge>{modalityOf(study) || '—'}</StatusBadge>
      </td>
      <td className={classes['what']} title={what} data-missing={what === '' || undefined}>
        {what || words.worklist.noDescription}
      </td>
      <td className="figures">{images}</td>
      <td>
        <StudyStateBadge study={study} />
      </td>
      <td className={classes['size']}>{formatBytes(bytesOf(study))}</td>
    </tr>
  );
});
