/** The top bar of the worklist: which vault, Find, import, and the session's buttons. */
import { Button } from '@mantine/core';
import { IconFileImport, IconFolderDown } from '@tabler/icons-react';
import { FindButton } from '../app/Find.tsx';
import { SessionButtons } from '../app/SessionButtons.tsx';
import { useSession } from '../app/sessionStore.ts';
import { LanternMark } from '../ui/LanternMark.tsx';
import { words } from '../words/index.ts';
import { chooseAndImport } from './importing.ts';
import classes from './worklist.module.css';

export function WorklistTopBar() {
  const vaultName = useSession((state) => state.vault?.name ?? '');
  // `lantern init` names a vault after the program: said once is enough.
  const isNamed = vaultName !== words.app.name;
  return (
    <header className={classes['topBar']}>
      <div className={classes['topBarStart']}>
        <LanternMark />
        {isNamed && <span className={classes['vaultName']}>{vaultName}</span>}
      </div>
      <FindButton wide />
      <div className={classes['topBarEnd']}>
        <Button
          size="compact-md"
          leftSection={<IconFolderDown size={16} stroke={1.6} aria-hidden />}
          onClick={() => void chooseAndImport('folder')}
        >
          {words.worklist.importFolder}
        </Button>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconFileImport size={16} stroke={1.6} aria-hidden />}
          onClick={() => void chooseAndImport('files')}
        >
          {words.worklist.importFiles}
        </Button>
        <SessionButtons />
      </div>
    </header>
  );
}
