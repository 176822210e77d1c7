/** What stands where the table has no rows: loading, a failure, an empty vault, nothing found; below rows, where to drop files. */
import { Button, Skeleton } from '@mantine/core';
import { IconDragDrop, IconFolderDown, IconSearchOff } from '@tabler/icons-react';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { DemonstrationButton } from './DemonstrationButton.tsx';
import { chooseAndImport } from './importing.ts';
import classes from './worklist.module.css';
import { useWorklist } from './worklistStore.ts';

/** A longer table needs the room itself; files are taken anywhere in the window. */
const MOST_ROWS_WITH_HINT = 10;
const skeletonRows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

export function TableFallback({ shownCount }: { readonly shownCount: number }) {
  const { studies, error, load, setSearch, setShow, setModality } = useWorklist();
  const said = words.worklist;
  if (error) {
    return (
      <div className={classes['notice']}>
        <ErrorNotice error={error} onRetry={() => void load()} />
      </div>
    );
  }
  if (!studies) {
    return (
      <div className={classes['skeletons']} aria-busy="true" aria-label={said.loading} role="img">
        {skeletonRows.map((row) => (
          <Skeleton key={row} className={classes['skeleton'] ?? ''} radius={4} />
        ))}
      </div>
    );
  }
  if (studies.length === 0) {
    return (
      <EmptyState icon={IconFolderDown} sentence={said.empty.sentence} detail={said.empty.detail}>
        <Button onClick={() => void chooseAndImport('folder')}>{said.importFolder}</Button>
        <DemonstrationButton />
      </EmptyState>
    );
  }
  if (shownCount === 0) {
    const reset = () => {
      setSearch('');
      setShow('all');
      setModality(null);
    };
    return (
      <EmptyState icon={IconSearchOff} sentence={said.nothingFound}>
        <Button variant="default" onClick={reset}>
          {said.showAll}
        </Button>
      </EmptyState>
    );
  }
  if (shownCount > MOST_ROWS_WITH_HINT) return null;
  return (
    <div className={classes['dropHint']}>
      <IconDragDrop size={22} stroke={1.6} aria-hidden />
      {said.drop.hint}
    </div>
  );
}
