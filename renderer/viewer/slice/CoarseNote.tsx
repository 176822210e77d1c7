/** Says over a slice that what is drawn on it is a coarse preview, as long as it is. */
import { useCoarse } from '../../editor/coarseStore.ts';
import { words } from '../../words/index.ts';
import classes from './slice.module.css';

export function CoarseNote() {
  const isShown = useCoarse((state) => state.overlay !== null);
  return isShown ? <div className={classes['coarse']}>{words.editor.ai.coarse}</div> : null;
}
