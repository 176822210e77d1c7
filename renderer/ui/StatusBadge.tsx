/** A state in one or two words. The tone repeats what the words and the icon say; it never is the only sign. */
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './ui.module.css';

export type Tone = 'neutral' | 'good' | 'ai' | 'warning' | 'danger';

export interface StatusBadgeProps {
  readonly tone?: Tone;
  readonly icon?: TablerIcon;
  readonly children: ReactNode;
  readonly title?: string;
}

export function StatusBadge({ tone = 'neutral', icon: Icon, children, title }: StatusBadgeProps) {
  return (
    <span className={classes['badge']} data-tone={tone} title={title}>
      {Icon && <Icon size={12} stroke={1.6} aria-hidden />}
      {children}
    </span>
  );
}
