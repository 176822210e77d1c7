/** Rejects the proposal, and says so with a way back. Next: rejections.ts. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { showNextProposal } from './openEditor.ts';
import { rejectedNotice } from './rejections.ts';
import { type Rejection, redraw, useEditor } from './segmentationStore.ts';
import { told } from './told.ts';
import { undoRejection } from './undoRedo.ts';

/** Long enough to see what is missing. Undo in the panel reaches it longer. */
const NOTICE_MS = 10_000;

export async function rejectProposal(): Promise<void> {
  const { proposal, rejections, isMoving } = useEditor.getState();
  // What is being accepted is not rejected.
  if (!proposal || isMoving) return;
  const { id, name } = proposal;
  const rejection: Rejection = { id, name, at: new Date().toISOString() };
  redraw({ proposal: null, rejections: [...rejections, rejection] }, null);
  notifications.show({
    ...{ id: rejectedNotice(id), role: 'status', color: 'gray', autoClose: NOTICE_MS },
    message: <RejectedNotice id={id} name={name} />,
  });
  await told(showNextProposal);
}

function RejectedNotice({ id, name }: Pick<Rejection, 'id' | 'name'>) {
  const w = words.editor.proposal;
  return (
    <span className={classes['rejectedNotice']}>
      {w.rejectedName(name)}
      <Button size="compact-xs" variant="default" onClick={() => void undoRejection(id)}>
        {words.editor.history.undo}
      </Button>
    </span>
  );
}
