/** What was done, the newest first; undo and redo. */
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { IconButton } from '../ui/IconButton.tsx';
import { PanelSection } from '../ui/PanelSection.tsx';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { redo, undo, useEditor } from './segmentationStore.ts';

const SHOWN = 30;

export function HistorySection() {
  const history = useEditor((state) => state.history);
  const undoLabel = useEditor((state) => state.current?.undoLabel ?? null);
  const redoLabel = useEditor((state) => state.current?.redoLabel ?? null);
  const w = words.editor.history;
  return (
    <PanelSection
      title={w.title}
      actions={
        <>
          <IconButton
            icon={IconArrowBackUp}
            label={w.undo}
            shortcut="Ctrl Z"
            disabled={undoLabel === null}
            onClick={() => void undo()}
          />
          <IconButton
            icon={IconArrowForwardUp}
            label={w.redo}
            shortcut="Ctrl Shift Z"
            disabled={redoLabel === null}
            onClick={() => void redo()}
          />
        </>
      }
    >
      {history.length === 0 && <p className={classes['quiet']}>{w.empty}</p>}
      <ol className={classes['history']} aria-label={w.title} reversed>
        {[...history]
          .reverse()
          .slice(0, SHOWN)
          .map(({ sequence, label, done, at }) => (
            <li key={sequence} data-undone={!done || undefined}>
              <span className={classes['name']}>{label}</span>
              <span className={classes['quietFigure']}>{done ? timeInWords(at) : w.undone}</span>
            </li>
          ))}
      </ol>
    </PanelSection>
  );
}

function timeInWords(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
