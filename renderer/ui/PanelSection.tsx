/** A section of a side panel: caption, optional actions at its right, content; a line below. */
import { type ReactNode, useId } from 'react';
import { Caption } from './Caption.tsx';
import classes from './ui.module.css';

export interface PanelSectionProps {
  readonly title: string;
  /** Icon buttons or a hint, at the right of the caption. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Takes the room that the other sections leave, and scrolls. */
  readonly grow?: boolean;
  readonly className?: string;
}

export function PanelSection({ title, actions, children, grow = false, className }: PanelSectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      data-grow={grow || undefined}
      className={[classes['panelSection'], className].filter(Boolean).join(' ')}
    >
      <header className={classes['panelHeader']}>
        <Caption id={id}>{title}</Caption>
        {actions && <div className={classes['panelActions']}>{actions}</div>}
      </header>
      <div className={classes['panelBody']}>{children}</div>
    </section>
  );
}
