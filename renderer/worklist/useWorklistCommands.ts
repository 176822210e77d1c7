/** What Find finds of the worklist: every study, also from within a case; what the top bar does, while it is shown. */
import { IconFileImport, IconFolderDown, IconInbox, IconUser } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { StudySummary } from '#contract/schemas/study.ts';
import { type Command, registerCommands } from '../app/commands.ts';
import { useSession } from '../app/sessionStore.ts';
import { words } from '../words/index.ts';
import { installDemonstration } from './DemonstrationButton.tsx';
import { chooseAndImport } from './importing.ts';
import { personName } from './personName.ts';
import { modalityOf, whatOf } from './studyFacts.ts';
import { seriesToOpen, useWorklist } from './worklistStore.ts';

export function useWorklistCommands(): void {
  useEffect(() => registerCommands('worklist', actionCommands()), []);
}

export function useStudyCommands(): void {
  const studies = useWorklist((state) => state.studies);
  useEffect(() => registerCommands('studies', (studies ?? []).flatMap(studyCommand)), [studies]);
}

function actionCommands(): Command[] {
  const said = words.worklist;
  const group = words.app.find.groups.actions;
  const imports = (kind: 'folder' | 'files') => () => void chooseAndImport(kind);
  return [
    { id: 'import-folder', label: said.importFolder, group, icon: IconFolderDown, run: imports('folder') },
    { id: 'import-files', label: said.importFiles, group, icon: IconFileImport, run: imports('files') },
    { id: 'demo', label: said.demonstration, group, icon: IconInbox, run: () => void installDemonstration() },
  ];
}

function studyCommand(study: StudySummary): Command[] {
  const seriesId = seriesToOpen(study, null);
  if (!seriesId) return [];
  const { patientId, studyDate, accessionNumber } = study;
  return [
    {
      id: `study-${study.id}`,
      label: personName(study.patientName) || words.worklist.unnamed,
      description: [patientId, studyDate, modalityOf(study), whatOf(study)].filter(Boolean).join(' · '),
      keywords: [patientId, studyDate, accessionNumber].filter(Boolean),
      group: words.app.find.groups.studies,
      icon: IconUser,
      run: () => useSession.getState().open(seriesId),
    },
  ];
}
