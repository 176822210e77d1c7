/** The case's measurements as a list: name, figure, go there, remove. */
import { IconArrowBackUp, IconArrowForwardUp, IconTrash } from '@tabler/icons-react';
import { worldPoint } from '#core/geometry/points.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import { isUncertain } from '../seriesNotes.ts';
import { useViewer } from '../viewerStore.ts';
import { figuresInWords } from './figuresInWords.ts';
import {
  dismissMeasurementError,
  redoMeasurement,
  removeMeasurement,
  renameMeasurement,
  selectMeasurement,
  undoMeasurement,
  useMeasurements,
} from './measurementStore.ts';
import classes from './measurements.module.css';

export function MeasurementList() {
  const { list, selectedId, undoSteps, redoSteps, error } = useMeasurements();
  const unit = useViewer((state) => state.detail?.volume.unit ?? '');
  const warnings = useViewer((state) => state.detail?.series.warnings);
  const volume = useViewer((state) => state.volume);
  const w = words.viewer.measurements;
  return (
    <PanelSection
      title={w.section}
      grow
      actions={
        <>
          <IconButton
            {...{ icon: IconArrowBackUp, label: w.undo, shortcut: 'Ctrl Z', size: 'small' }}
            disabled={undoSteps.length === 0}
            onClick={undoMeasurement}
          />
          <IconButton
            {...{ icon: IconArrowForwardUp, label: w.redo, shortcut: 'Ctrl Shift Z', size: 'small' }}
            disabled={redoSteps.length === 0}
            onClick={redoMeasurement}
          />
        </>
      }
    >
      {error && <ErrorNotice error={error} onDismiss={dismissMeasurementError} />}
      {list.length === 0 && <p className={classes['none']}>{w.none}</p>}
      <ul className={classes['list']} aria-label={w.list}>
        {list.map((measurement, n) => {
          const name = measurement.label || `${w.kinds[measurement.kind]} ${n + 1}`;
          const isRough = volume !== null && isUncertain(measurement, warnings ?? [], volume.geometry);
          const lines = figuresInWords(measurement, unit, isRough);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the same by keys through the name's field
            <li
              key={measurement.id}
              className={classes['row']}
              data-selected={measurement.id === selectedId || undefined}
              onClick={() => goTo(measurement.id)}
            >
              <span className={classes['swatch']} style={{ background: measurement.color }} aria-hidden />
              <input
                className={classes['name']}
                aria-label={w.renameNamed(name)}
                defaultValue={name}
                key={name}
                onFocus={() => goTo(measurement.id)}
                onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
                onBlur={(event) => {
                  const label = event.currentTarget.value.trim();
                  if (label !== name) renameMeasurement(measurement.id, label);
                }}
              />
              <span className={classes['figure']} title={lines.join('\n')}>
                {isRough && '≈ '}
                {lines[0]}
              </span>
              <IconButton
                {...{ icon: IconTrash, label: w.remove(name), size: 'small' }}
                onClick={(event) => {
                  event.stopPropagation();
                  removeMeasurement(measurement.id);
                }}
              />
            </li>
          );
        })}
      </ul>
    </PanelSection>
  );
}

/** Selects it and brings the slice it lies in on screen. */
function goTo(id: string): void {
  selectMeasurement(id);
  const point = useMeasurements.getState().list.find((m) => m.id === id)?.pointsLps[0];
  if (point !== undefined) useViewer.getState().setCrosshair(worldPoint(...point));
}
