/** A section of the panel that opens on demand; its place stays. */
import { Collapse } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './editor.module.css';

export interface CollapsibleSectionProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onOpen?: () => void;
}

export function CollapsibleSection({ title, children, onOpen }: CollapsibleSectionProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes['collapsible']}>
      <h2 className={classes['collapsibleTitle']}>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => {
            if (!isOpen) onOpen?.();
            setOpen(!isOpen);
          }}
        >
          {title}
          <Chevron size={14} stroke={1.6} aria-hidden />
        </button>
      </h2>
      <Collapse expanded={isOpen} id={id}>
        <div className={classes['collapsibleBody']}>{children}</div>
      </Collapse>
    </section>
  );
}
