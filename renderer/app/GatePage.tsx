/** The one sheet in the middle of an otherwise empty window: first start, unlock, recovery. */
import type { ReactNode } from 'react';
import { LanternMark } from '../ui/LanternMark.tsx';
import { words } from '../words/index.ts';
import classes from './gate.module.css';

export interface GatePageProps {
  readonly title: string;
  readonly lead?: string;
  /** Step and number of steps. */
  readonly step?: readonly [number, number];
  readonly children: ReactNode;
  readonly footer?: string;
}

export function GatePage({ title, lead, step, children, footer }: GatePageProps) {
  return (
    <main className={classes['gate']}>
      <div className={classes['sheet']}>
        <header className={classes['sheetHeader']}>
          <LanternMark />
          {step && <span className={classes['step']}>{words.app.step(...step)}</span>}
        </header>
        <h1 className={classes['title']}>{title}</h1>
        {lead && <p className={classes['lead']}>{lead}</p>}
        {children}
      </div>
      {footer && <p className={classes['footer']}>{footer}</p>}
    </main>
  );
}
