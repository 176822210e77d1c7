/** Where the views get the segments from: the editor's store. */
import type { Overlay } from './overlay.ts';

const NONE: readonly Overlay[] = [];

export function overlaysNow(): readonly Overlay[] {
  return NONE;
}

/** @returns the way to stop listening */
export function subscribeOverlays(_listener: () => void): () => void {
  return () => {};
}
