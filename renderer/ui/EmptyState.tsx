/** Nothing here yet: one sentence and the action. */
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './ui.module.css';

export interface EmptyStateProps {
  readonly icon: TablerIcon;
  readonly sentence: string;
  /** A second, quieter sentence. */
  readonly detail?: string;
  /** Buttons. */
  readonly children?: ReactNode;
}

export function EmptyState({ icon: Icon, sentence, detail, children }: EmptyStateProps) {
  return (
    <div className={classes['empty']}>
      <Icon size={30} stroke={1.6} aria-hidden className={classes['emptyIcon']} />
      <p className={classes['emptySentence']}>{sentence}</p>
      {detail && <p className={classes['emptyDetail']}>{detail}</p>}
      {children && <div className={classes['emptyActions']}>{children}</div>}
    </div>
  );
}
