/**
 * The keys of the workstation: tools by letter, slices by [ ] arrows Page keys Home End, windows by Shift + digit, I inverts,
 * 0 fits, ? shows all keys, Esc cancels, Delete removes a measurement, Ctrl Z and Ctrl Shift Z. The tool in hand is asked
 * first. What of them has a name in Find and in the list of shortcuts: frame/useViewerCommands.ts.
 */
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { openSettings } from '../settings/settingsStore.ts';
import {
  redoMeasurement,
  removeMeasurement,
  selectMeasurement,
  undoMeasurement,
  useMeasurements,
} from './measurements/measurementStore.ts';
import { isTextEntry } from './slice/spaceKey.ts';
import { currentTool, pickTool } from './tools/currentTool.ts';
import { tools } from './tools/index.ts';
import { fitViews, invertGreys, toggleCrosshair } from './viewActions.ts';
import { shownSlice, stepSlice, useViewer } from './viewerStore.ts';
import { windowPresets } from './windowPresets.ts';

const PAGE = 10;

/** What a key does to the views. Names: frame/useViewerCommands.ts. */
const VIEW_KEYS: Readonly<Record<string, () => void>> = { x: toggleCrosshair, i: invertGreys, 0: fitViews };

/** @returns the way to stop listening */
export function watchKeyboard(): () => void {
  const stop = new AbortController();
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || isTextEntry(event.target) || isInOverlay(event.target)) return;
      if (currentTool()?.onKey?.(event) || onKey(event)) event.preventDefault();
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}

/** Menus, dialogs and Find keep their keys. */
function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog], [role=menu], [role=listbox]') !== null;
}

/** @returns whether it was a key of ours */
function onKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return onControlKey(event);
  if (event.altKey) return false;
  // On most keyboards it is typed with Shift.
  if (event.key === '?') return showKeys();
  if (event.shiftKey) return pickWindow(event.code);
  return scroll(event.key) || command(event.key) || pickToolByKey(event.key);
}

function onControlKey({ key, shiftKey }: KeyboardEvent): boolean {
  if (useViewer.getState().mode === 'segment') return false;
  const letter = key.toLowerCase();
  if (letter === 'z') return shiftKey ? redoMeasurement() : undoMeasurement();
  return letter === 'y' && redoMeasurement();
}

function pickWindow(code: string): boolean {
  const digit = Number(/^Digit(\d)$/.exec(code)?.[1]);
  const { detail, volume, setWindow } = useViewer.getState();
  if (!Number.isFinite(digit) || detail === null || volume === null) return false;
  const preset = windowPresets(detail, volume).find((each) => each.digit === digit);
  if (preset !== undefined) setWindow(preset.window);
  return preset !== undefined;
}

function scroll(key: string): boolean {
  const { activeView } = useViewer.getState();
  if (activeView === 'volume') return false;
  const steps: Record<string, number> = {
    ArrowUp: -1,
    ArrowLeft: -1,
    '[': -1,
    ArrowDown: 1,
    ArrowRight: 1,
    ']': 1,
    PageUp: -PAGE,
    PageDown: PAGE,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const step = steps[key];
  if (step === undefined) return false;
  stepSlice(activeView, Number.isFinite(step) ? step : Math.sign(step) * slicesOf(activeView));
  return true;
}

function slicesOf(plane: Plane): number {
  return shownSlice(useViewer.getState(), plane)?.layout.count ?? 0;
}

function showKeys(): boolean {
  openSettings('shortcuts');
  return true;
}

function command(key: string): boolean {
  const { selectedId, draft } = useMeasurements.getState();
  if (key === 'Escape') {
    currentTool()?.onCancel?.();
    if (draft === null) selectMeasurement(null);
    return true;
  }
  if ((key === 'Delete' || key === 'Backspace') && selectedId !== null) {
    removeMeasurement(selectedId);
    return true;
  }
  const run = VIEW_KEYS[key.toLowerCase()];
  run?.();
  return run !== undefined;
}

function pickToolByKey(key: string): boolean {
  const { mode } = useViewer.getState();
  const tool = tools.find(
    ({ shortcut, modes }) => shortcut.toLowerCase() === key.toLowerCase() && modes.includes(mode),
  );
  if (tool !== undefined) pickTool(tool.id);
  return tool !== undefined;
}
