/** The panel at the right: what belongs to the present mode. */
import { useDeferredValue } from 'react';
import { EditorPanel } from '../../editor/EditorPanel.tsx';
import { words } from '../../words/index.ts';
import { PlanPanel } from '../panels/PlanPanel.tsx';
import { ReportPanel } from '../panels/ReportPanel.tsx';
import { ViewPanel } from '../panels/ViewPanel.tsx';
import { useViewer } from '../viewerStore.ts';
import classes from './frame.module.css';

export function RightPanel() {
  const mode = useViewer((state) => state.mode);
  // After the first slice, and a little at a time: nobody needs the panel before the picture.
  const isOpen = useDeferredValue(useViewer((state) => state.volumeRevision > 0 || state.loading.state === 'failed'));
  const hasDetail = useViewer((state) => state.detail !== null);
  return (
    <aside className={classes['panel']} aria-label={words.viewer.panels.label}>
      {isOpen && hasDetail && mode === 'view' && <ViewPanel />}
      {isOpen && hasDetail && mode === 'segment' && <EditorPanel />}
      {isOpen && hasDetail && mode === 'plan' && <PlanPanel />}
      {isOpen && hasDetail && mode === 'report' && <ReportPanel />}
    </aside>
  );
}
