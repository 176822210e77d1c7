/** The program's mark and name, at the left of every top bar. */
import { IconLamp2 } from '@tabler/icons-react';
import { words } from '../words/index.ts';
import classes from './ui.module.css';

export function LanternMark() {
  return (
    <span className={classes['mark']}>
      <IconLamp2 size={18} stroke={1.6} aria-hidden />
      {words.app.name}
    </span>
  );
}
