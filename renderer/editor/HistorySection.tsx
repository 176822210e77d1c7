/** What was done, the newest first. Undo and redo: UndoBar.tsx. */
import { PanelSection } from '../ui/PanelSection.tsx';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { useEditor } from './segmentationStore.ts';

const SHOWN = 30;

export function HistorySection() {
  const history = useEditor((state) => state.current?.history) ?? [];
  const w = words.editor.history;
  return (
    <PanelSection title={w.title}>
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
