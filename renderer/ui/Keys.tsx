/** A shortcut as keys: "Ctrl K". */
import classes from './ui.module.css';

export function Keys({ shortcut }: { readonly shortcut: string }) {
  return <kbd className={classes['keys']}>{shortcut}</kbd>;
}
