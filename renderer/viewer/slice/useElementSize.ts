/** The size of an element in CSS pixels, and how many device pixels one of them has; follows both. */
import { type RefObject, useLayoutEffect, useState } from 'react';

export interface ElementSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

export function useElementSize(ref: RefObject<HTMLElement | null>): ElementSize {
  const [size, setSize] = useState<ElementSize>({ width: 0, height: 0, ratio: 1 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const read = () =>
      setSize((before) => {
        const now = { width: element.clientWidth, height: element.clientHeight, ratio: window.devicePixelRatio || 1 };
        const same = now.width === before.width && now.height === before.height && now.ratio === before.ratio;
        return same ? before : now;
      });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    // Browser zoom and a move to another screen change the ratio with the window's size.
    window.addEventListener('resize', read);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', read);
    };
  }, [ref]);
  return size;
}
