/** The panel at the right: what belongs to the present mode. */
import { EditorPanel } from '../../editor/EditorPanel.tsx';
import { words } from '../../words/index.ts';
import { PlanPanel } from '../panels/PlanPanel.tsx';
import { ReportPanel } from '../panels/ReportPanel.tsx';
import { ViewPanel } from '../panels/ViewPanel.tsx';
import { useViewer } from '../viewerStore.ts';
import classes from './frame.module.css';

export function RightPanel() {
  const mode = useViewer((state) => state.mode);
  const isOpen = useViewer((state) => state.detail !== null);
  return (
    <aside className={classes['panel']} aria-label={words.viewer.panels.label}>
      {isOpen && mode === 'view' && <ViewPanel />}
      {isOpen && mode === 'segment' && <EditorPanel />}
      {isOpen && mode === 'plan' && <PlanPanel />}
      {isOpen && mode === 'report' && <ReportPanel />}
    </aside>
  );
}
