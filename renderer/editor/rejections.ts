/**
 * Proposals that were rejected are deleted when the case is left, the vault locked or the window closed: until then Undo gives them back.
 * Where the program is killed before, they are proposals still. Next: rejectProposal.tsx, undoRedo.ts.
 */
import { notifications } from '@mantine/notifications';
import { rpc } from '../app/client.ts';
import { waitForMe } from '../app/workOnItsWay.ts';
import { useEditor } from './segmentationStore.ts';

let arriving: Promise<unknown> = Promise.resolve();

useEditor.subscribe(({ rejections }, before) => {
  if (rejections === before.rejections) return;
  const gone = before.rejections.filter(({ id }) => !rejections.some((each) => each.id === id));
  for (const { id } of gone) notifications.hide(rejectedNotice(id));
});

waitForMe(() => {
  carryOutRejections();
  return rejectionsArrived();
});

/** From here on Undo does not reach them. */
export function carryOutRejections(): void {
  const { rejections } = useEditor.getState();
  if (rejections.length === 0) return;
  useEditor.setState({ rejections: [] });
  // One that the host does not delete is a proposal still, and can be rejected again; or it was accepted in another window, and stays.
  const deleted = rejections.map(({ id }) =>
    rpc.segmentations.remove({ id, onlyProposed: true }).catch(() => undefined),
  );
  arriving = Promise.all([arriving, ...deleted]);
}

/** They are not carried out, and their notices go. @param ids of what was given back, accepted meanwhile, or is gone */
export function dropRejections(ids: readonly string[]): void {
  const { rejections } = useEditor.getState();
  useEditor.setState({ rejections: rejections.filter(({ id }) => !ids.includes(id)) });
}

/** Resolves when what was carried out is with the host. */
export async function rejectionsArrived(): Promise<void> {
  await arriving;
}

/** @param id of the proposal @returns the id of the notice that says so */
export function rejectedNotice(id: string): string {
  return `rejected-${id}`;
}
