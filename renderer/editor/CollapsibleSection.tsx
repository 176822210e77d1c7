/** A section of the panel that opens on demand; its place stays. */
import { Collapse } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import classes from './editor.module.css';

export interface CollapsibleSectionProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onOpen?: () => void;
  /** Also when it goes while it is open. */
  readonly onFold?: () => void;
  /** What it tells of: when this changes while it is open, it is as if it had been opened for it. */
  readonly of?: string;
}

export function CollapsibleSection({ title, children, onOpen, onFold, of }: CollapsibleSectionProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once, and again for what it tells of next
  useEffect(() => {
    if (!isOpen) return;
    onOpen?.();
    return onFold;
  }, [isOpen, of]);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes['collapsible']}>
      <h2 className={classes['collapsibleTitle']}>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {title}
          <Chevron size={14} stroke={1.6} aria-hidden />
        </button>
      </h2>
      {/* At once: while a section unfolds, what scrolls a button into sight scrolls the part that is cut off, and the button moves under the hand. */}
      <Collapse expanded={isOpen} id={id} transitionDuration={0}>
        <div className={classes['collapsibleBody']}>{children}</div>
      </Collapse>
    </section>
  );
}
