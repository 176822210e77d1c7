/** What is wrong with where the slices lie, in whole sentences; nothing where nothing is. The views say it in short. */
import { IconAlertTriangle } from '@tabler/icons-react';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import { geometryWarnings } from '../seriesNotes.ts';
import { useViewer } from '../viewerStore.ts';
import classes from './panels.module.css';

export function GeometrySection() {
  const warnings = geometryWarnings(useViewer((state) => state.detail?.series.warnings) ?? []);
  if (warnings.length === 0) return null;
  return (
    <PanelSection title={words.viewer.panels.warnings}>
      {warnings.map(({ code, message }) => (
        <p key={code} className={classes['warning']}>
          <IconAlertTriangle size={15} stroke={1.6} aria-hidden />
          <span>{message}</span>
        </p>
      ))}
    </PanelSection>
  );
}
