/** Undo and redo, always in sight at the top of the panel, with the names of the steps they would take. */
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { IconButton } from '../ui/IconButton.tsx';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { useEditor } from './segmentationStore.ts';
import { redo, redoneNext, undo, undoneNext } from './undoRedo.ts';

export function UndoBar() {
  const undoLabel = useEditor((state) => undoneNext(state)?.label ?? null);
  const redoLabel = useEditor((state) => redoneNext(state)?.redoLabel ?? null);
  const w = words.editor.history;
  return (
    <div className={classes['undoBar']} role="toolbar" aria-label={w.toolbar}>
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
      <span className={classes['name']} title={undoLabel ?? ''}>
        {undoLabel === null ? w.nothingToUndo : w.last(undoLabel)}
      </span>
    </div>
  );
}
