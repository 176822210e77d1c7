/** One act that moves the host's cursor at a time: an acceptance, undo or redo. Nothing is edited or rejected meanwhile. */
import { useEditor } from './segmentationStore.ts';
import { told } from './told.ts';

/** Does nothing while another one is under way. */
export async function alone(work: () => Promise<void>): Promise<void> {
  if (useEditor.getState().isMoving) return;
  useEditor.setState({ isMoving: true });
  await told(work);
  useEditor.setState({ isMoving: false });
}
