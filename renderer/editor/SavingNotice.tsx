/** Tells that something could not be saved; the work stays in the window until it is saved or given up. */
import { Button } from '@mantine/core';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { reloadSegmentation } from './openEditor.ts';
import { retrySaving, useEditor } from './segmentationStore.ts';

export function SavingNotice() {
  const saving = useEditor((state) => state.saving);
  if (saving.state !== 'failed' || !saving.error) return null;
  const w = words.editor.saving;
  const message = `${w.failed} ${saving.error.message}`;
  return (
    <div className={classes['notice']}>
      <ErrorNotice error={{ ...saving.error, message }} onRetry={() => void retrySaving()} />
      <div className={classes['savingRow']}>
        <span>{w.pending(saving.pending)}</span>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void reloadSegmentation()}>
          {w.reload}
        </Button>
      </div>
    </div>
  );
}
