/**
 * The keys of segment mode: Ctrl Z, Ctrl Shift Z and Ctrl Y, 1–9 for the segments, N, Shift N and U for doubt. In the middle of a
 * stroke they do nothing.
 */
import { isTextEntry } from '../viewer/slice/spaceKey.ts';
import { onDoubtKey } from './doubtKeys.ts';
import { selectSegment } from './segmentActs.ts';
import { isStroking } from './tools/strokeTool.ts';
import { redo, undo } from './undoRedo.ts';

/** @returns the way to stop listening */
export function watchEditorKeyboard(): () => void {
  const stop = new AbortController();
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (onKey(event)) event.preventDefault();
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}

function onKey({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  if (altKey) return false;
  if (!ctrlKey && !metaKey) {
    if (isStroking()) return false;
    return onDoubtKey(key, shiftKey) || (!shiftKey && /^[1-9]$/.test(key) && selectSegment(Number(key)));
  }
  const letter = key.toLowerCase();
  if (letter !== 'z' && letter !== 'y') return false;
  if (!isStroking()) void (letter === 'y' || shiftKey ? redo() : undo());
  return true;
}

/** Fields, menus and dialogs keep their keys. */
function isTyping(target: EventTarget | null): boolean {
  if (isTextEntry(target)) return true;
  return target instanceof HTMLElement && target.closest('[role=dialog], [role=menu], [role=listbox]') !== null;
}
