/** Which rows of a long table are on screen, so that only those are made. Rows have one height. */
import { type RefObject, useEffect, useState } from 'react';

export interface RowWindow {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
  /** Room that the rows before and after take, px. */
  readonly beforePx: number;
  readonly afterPx: number;
}

/** Rows beyond the edges, so that a quick wheel shows no gap. */
const MARGIN_ROWS = 12;

export function rowWindow(count: number, rowPx: number, scrollTopPx: number, heightPx: number): RowWindow {
  if (rowPx <= 0) return { first: 0, end: count, beforePx: 0, afterPx: 0 };
  const first = Math.min(count, Math.max(0, Math.floor(scrollTopPx / rowPx) - MARGIN_ROWS));
  const end = Math.max(first, Math.min(count, Math.ceil((scrollTopPx + heightPx) / rowPx) + MARGIN_ROWS));
  return { first, end, beforePx: first * rowPx, afterPx: (count - end) * rowPx };
}

/** @param scroller the element that scrolls; its custom property --row-height is the height of a row in px */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number): RowWindow {
  const [view, setView] = useState({ top: 0, height: 900, rowPx: 40 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () =>
      setView({
        top: element.scrollTop,
        height: element.clientHeight,
        rowPx: Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-height')) || 40,
      });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return rowWindow(count, view.rowPx, view.top, view.height);
}
