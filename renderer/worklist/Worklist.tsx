/** The studies of the vault: filters at the left, the table, the chosen study at the right, what goes on below. */
import { useHotkeys } from '@mantine/hooks';
import { useEffect, useMemo, useRef } from 'react';
import { useSession } from '../app/sessionStore.ts';
import { words } from '../words/index.ts';
import { Details } from './Details.tsx';
import { DropTarget } from './DropTarget.tsx';
import { Filters } from './Filters.tsx';
import { readStudies } from './readStudies.ts';
import { StudyTable } from './StudyTable.tsx';
import { selectStudies } from './selectStudies.ts';
import { TableFallback } from './TableFallback.tsx';
import { useWorklistCommands } from './useWorklistCommands.ts';
import { WorklistStatus } from './WorklistStatus.tsx';
import { WorklistTopBar } from './WorklistTopBar.tsx';
import classes from './worklist.module.css';
import { seriesToOpen, useWorklist } from './worklistStore.ts';

export function Worklist() {
  const { studies, studyId, seriesId, show, modality, search, column, descending } = useWorklist();
  const searchField = useRef<HTMLInputElement>(null);
  useEffect(readStudies, []);
  useWorklistCommands();
  useHotkeys([['/', () => searchField.current?.focus()]]);

  const shown = useMemo(
    () => selectStudies(studies ?? [], { show, modality, search, column, descending }, new Date()),
    [studies, show, modality, search, column, descending],
  );
  const chosen = shown.find(({ id }) => id === studyId) ?? null;
  const open = (id: string) => {
    const study = shown.find((each) => each.id === id);
    const series = study && seriesToOpen(study, id === studyId ? seriesId : null);
    if (series) useSession.getState().open(series);
  };
  return (
    <div className={classes['frame']}>
      <WorklistTopBar />
      <Filters searchField={searchField} />
      <main className={classes['list']} aria-label={words.worklist.studies}>
        <h1 className={classes['hiddenTitle']}>{words.worklist.studies}</h1>
        {shown.length > 0 && (
          <StudyTable
            studies={shown}
            selectedId={chosen?.id ?? null}
            onSelect={(id) => useWorklist.getState().select(id)}
            onOpen={open}
          />
        )}
        <TableFallback shownCount={shown.length} />
        <DropTarget />
      </main>
      <Details study={chosen} />
      <WorklistStatus shownCount={shown.length} hasSelection={chosen !== null} />
    </div>
  );
}
