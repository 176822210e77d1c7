/** Which screen: first start, locked, worklist or a case, as sessionStore.ts says. The case's code is fetched ahead. */
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { lazy, Suspense, useEffect } from 'react';
import { ImportModelDialog } from '../models/ImportModelDialog.tsx';
import { closeModelImport } from '../models/importStore.ts';
import { SettingsModal } from '../settings/SettingsModal.tsx';
import { closeSettings, loadSettings } from '../settings/settingsStore.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { ImportReport } from '../worklist/ImportReport.tsx';
import { useImportReport } from '../worklist/importReportStore.ts';
import { useImportResults } from '../worklist/useImportResults.ts';
import { useStudyCommands } from '../worklist/useWorklistCommands.ts';
import { Worklist } from '../worklist/Worklist.tsx';
import { useWorklist } from '../worklist/worklistStore.ts';
import classes from './app.module.css';
import { closeFind } from './commands.ts';
import { DemonstrationStep } from './DemonstrationStep.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Find } from './Find.tsx';
import { FirstStart } from './FirstStart.tsx';
import { tellJobEnded } from './jobNotices.ts';
import { onJobFinished, useJobs } from './jobsStore.ts';
import { LostHostBanner } from './LostHostBanner.tsx';
import { platform } from './platform.ts';
import { RecoverySheet } from './RecoverySheet.tsx';
import { useSession } from './sessionStore.ts';
import { Unlock } from './Unlock.tsx';
import { useAppCommands } from './useAppCommands.ts';
import { useAutoLock } from './useAutoLock.ts';
import { workArrived } from './workOnItsWay.ts';

const loadWorkstation = () => import('../viewer/Workstation.tsx');
const Workstation = lazy(async () => ({ default: (await loadWorkstation()).Workstation }));

export function App() {
  useEffect(() => {
    useJobs.getState().watch();
    void useSession.getState().refresh();
    // While a passphrase is typed the page is idle: the first case then opens without waiting for its code.
    const handle = requestIdleCallback(() => void loadWorkstation(), { timeout: 2000 });
    return () => cancelIdleCallback(handle);
  }, []);
  return (
    <>
      <LostHostBanner />
      <Screen />
    </>
  );
}

function Screen() {
  const { vault, startError, recoveryCode, settingUp } = useSession();
  if (!vault) return <Starting error={startError} />;
  if (vault.state === 'absent') return <FirstStart />;
  if (vault.state === 'locked') return <Unlock />;
  if (recoveryCode) return <RecoverySheet code={recoveryCode} />;
  return (
    <>
      <OpenVault />
      {settingUp ? <DemonstrationStep /> : <Cases />}
    </>
  );
}

function Starting({ error }: { readonly error: Session['startError'] }) {
  return (
    <main className={classes['start']}>
      {error ? (
        <div className={classes['startNotice']}>
          <ErrorNotice error={error} onRetry={() => void useSession.getState().refresh()} />
        </div>
      ) : (
        <span role="status">{words.app.starting}</span>
      )}
    </main>
  );
}
type Session = ReturnType<typeof useSession.getState>;

/** What goes on as long as the vault is open, whatever is on screen; it ends, and forgets, with the lock. */
function OpenVault() {
  useAutoLock();
  useAppCommands();
  useStudyCommands();
  useImportResults();
  useEffect(() => {
    const lock = () => void useSession.getState().lock();
    const stops = [platform.onLockRequested(lock), platform.onBeforeQuit(workArrived), onJobFinished(tellJobEnded)];
    // Without them the defaults hold; a lost host is told by its banner.
    void loadSettings().catch(() => {});
    return () => {
      for (const stop of stops) stop();
      useJobs.getState().clear();
      useWorklist.getState().clear();
      closeModelImport();
      closeSettings();
      closeFind();
      // Dialogs and notices live outside of this tree, and may name what must be hidden now.
      modals.closeAll();
      notifications.clean();
      useImportReport.getState().dismiss();
    };
  }, []);
  return (
    <>
      <Find />
      <SettingsModal />
      <ImportReport />
      <ImportModelDialog />
    </>
  );
}

function Cases() {
  const openCase = useSession((state) => state.openCase);
  const { closeCase } = useSession.getState();
  if (!openCase) return <Worklist />;
  return (
    <ErrorBoundary key={openCase.seriesId} onLeave={closeCase}>
      <Suspense fallback={<main className={classes['opening']}>{words.app.opening}</main>}>
        <Workstation seriesId={openCase.seriesId} onBack={closeCase} />
      </Suspense>
    </ErrorBoundary>
  );
}
