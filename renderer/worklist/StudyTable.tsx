/** The table of studies: sortable, walked with the arrow keys, opened by Enter or a double click. */
import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { StudySummary } from '#contract/schemas/study.ts';
import { words } from '../words/index.ts';
import { StudyRow } from './StudyRow.tsx';
import type { Column } from './selectStudies.ts';
import { useRowWindow } from './useRowWindow.ts';
import classes from './worklist.module.css';
import { useWorklist } from './worklistStore.ts';

export interface StudyTableProps {
  readonly studies: readonly StudySummary[];
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

const columns: readonly Column[] = ['patient', 'date', 'modality', 'what', 'images', 'state', 'size'];

export function StudyTable({ studies, selectedId, onSelect, onOpen }: StudyTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, beforePx, afterPx } = useRowWindow(scroller, studies.length);
  const selectedIndex = studies.findIndex(({ id }) => id === selectedId);
  const movedByKey = useRef(false);

  useEffect(() => {
    // The focus follows the selection only when a key moved it: elsewhere it would be stolen.
    if (!movedByKey.current) return;
    const row = scroller.current?.querySelector<HTMLElement>('tr[aria-selected="true"]');
    // A row far away is made only after the table has scrolled there: the next pass finds it.
    if (!row) return;
    movedByKey.current = false;
    row.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetIndex(event.key, selectedIndex, studies.length);
    const study = target === null ? undefined : studies[target];
    if (event.key === 'Enter' && selectedId && (event.target as HTMLElement).tagName === 'TR') onOpen(selectedId);
    if (!study || target === null) return;
    event.preventDefault();
    movedByKey.current = true;
    scrollIntoSight(scroller.current, target);
    onSelect(study.id);
  };
  return (
    <div ref={scroller} className={classes['scroller']}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are chosen and walked, which makes a table a grid
        role="grid"
        className={classes['table']}
        aria-label={words.worklist.studies}
        aria-rowcount={studies.length + 1}
        onKeyDown={onKeyDown}
      >
        <TableHead />
        <tbody>
          {beforePx > 0 && <tr aria-hidden style={{ height: beforePx }} />}
          {studies.slice(first, end).map((study, offset) => (
            <StudyRow
              key={study.id}
              study={study}
              rowIndex={first + offset + 2}
              selected={study.id === selectedId}
              reachable={study.id === selectedId || (selectedIndex < 0 && first + offset === 0)}
              onSelect={() => onSelect(study.id)}
              onOpen={() => onOpen(study.id)}
            />
          ))}
          {afterPx > 0 && <tr aria-hidden style={{ height: afterPx }} />}
        </tbody>
      </table>
    </div>
  );
}

function TableHead() {
  const { column, descending, sortBy } = useWorklist();
  return (
    <thead>
      <tr>
        <th scope="col" className={classes['thumbColumn']}>
          <VisuallyHidden>{words.worklist.preview}</VisuallyHidden>
        </th>
        {columns.map((each) => (
          <th
            key={each}
            scope="col"
            data-column={each}
            {...(each === column ? { 'aria-sort': descending ? 'descending' : 'ascending' } : {})}
          >
            <UnstyledButton className={classes['sort']} onClick={() => sortBy(each)}>
              {words.worklist.columns[each]}
              {each === column && (descending ? <IconChevronDown size={12} /> : <IconChevronUp size={12} />)}
            </UnstyledButton>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function targetIndex(key: string, at: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10 };
  const target = key === 'Home' ? 0 : key === 'End' ? count - 1 : steps[key];
  return target === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, target));
}

/** A row that is not made yet cannot be scrolled to by itself. */
function scrollIntoSight(scroller: HTMLElement | null, index: number): void {
  if (!scroller) return;
  const rowPx = Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row-height')) || 40;
  const headPx = scroller.querySelector('thead')?.clientHeight ?? 0;
  const top = index * rowPx;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + rowPx + headPx > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = top + rowPx + headPx - scroller.clientHeight;
  }
}
