/** What Find (Ctrl K) finds while a case is open: tools, windows, layouts, modes. */
import type { TablerIcon } from '@tabler/icons-react';
import { useEffect } from 'react';
import { type Command, registerCommands } from '../../app/commands.ts';
import { openSettings } from '../../settings/settingsStore.ts';
import { words } from '../../words/index.ts';
import { LAYOUTS } from '../layouts.ts';
import { pickTool } from '../tools/currentTool.ts';
import { tools } from '../tools/index.ts';
import { fitViews, invertGreys, toggleCrosshair } from '../viewActions.ts';
import { stepSlice, useViewer } from '../viewerStore.ts';
import { windowPresets } from '../windowPresets.ts';
import { MODES } from './TopBar.tsx';

export function useViewerCommands(): void {
  const detail = useViewer((state) => state.detail);
  const isReady = useViewer((state) => state.loading.state === 'ready');
  useEffect(() => {
    const { volume } = useViewer.getState();
    const presets = isReady && detail !== null && volume !== null ? windowPresets(detail, volume) : [];
    return registerCommands('viewer', [
      ...toolCommands(),
      ...viewCommands(),
      ...presets.map(
        ({ id, window, digit }): Command => ({
          id: `window-${id}`,
          label: words.viewer.panels.presetNamed(words.viewer.panels.presets[id]),
          group: words.viewer.commands.presets,
          shortcut: `Shift ${digit}`,
          run: () => useViewer.getState().setWindow(window),
        }),
      ),
      ...LAYOUTS.map(
        ({ id, name, layout }): Command => ({
          id: `layout-${id}`,
          label: name,
          group: words.viewer.commands.layouts,
          run: () => useViewer.getState().setLayout(layout),
        }),
      ),
      ...MODES.map(
        (mode): Command => ({
          id: `mode-${mode}`,
          label: words.viewer.modes[mode],
          group: words.viewer.commands.modes,
          run: () => useViewer.getState().setMode(mode),
        }),
      ),
    ]);
  }, [detail, isReady]);
}

/** All views at once, and the way through the slices of the one in use. */
function viewCommands(): Command[] {
  const w = words.viewer.commands;
  const step = (count: number) => () => {
    const { activeView } = useViewer.getState();
    if (activeView !== 'volume') stepSlice(activeView, count);
  };
  const all: ReadonlyArray<readonly [id: string, label: string, shortcut: string, run: () => void]> = [
    ['fit', w.fit, '0', fitViews],
    ['invert', w.invert, 'I', invertGreys],
    ['crosshair', w.crosshair, 'X', toggleCrosshair],
    ['next', w.next, ']', step(1)],
    ['previous', w.previous, '[', step(-1)],
    ['ten-on', w.tenOn, 'Page Down', step(10)],
    ['ten-back', w.tenBack, 'Page Up', step(-10)],
    ['keys', w.keys, '?', () => openSettings('shortcuts')],
  ];
  return all.map(([id, label, shortcut, run]) => ({ id: `view-${id}`, label, group: w.view, shortcut, run }));
}

/** A tool of another mode brings its mode with it. */
function toolCommands(): Command[] {
  return tools.map(({ id, label, hint, shortcut, icon, modes }) => ({
    id: `tool-${id}`,
    label,
    description: hint,
    group: words.viewer.commands.tools,
    icon: icon as TablerIcon,
    ...(shortcut ? { shortcut } : {}),
    run: () => {
      const { mode, setMode } = useViewer.getState();
      if (!modes.includes(mode) && modes[0] !== undefined) setMode(modes[0]);
      pickTool(id);
    },
  }));
}
