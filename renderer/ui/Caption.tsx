/** A heading in small capitals, as sections of panels carry it. */
import type { ReactNode } from 'react';
import classes from './ui.module.css';

export interface CaptionProps {
  readonly children: ReactNode;
  readonly id?: string;
  /** 2 for a panel's section, 3 inside one; `plain` where the words are not a heading. */
  readonly level?: 2 | 3 | 'plain';
}

export function Caption({ children, id, level = 2 }: CaptionProps) {
  const Tag = level === 'plain' ? 'span' : level === 2 ? 'h2' : 'h3';
  return (
    <Tag className={classes['caption']} {...(id ? { id } : {})}>
      {children}
    </Tag>
  );
}
