/** The menu: only what the platform expects. Everything of Lantern's own is in the page. */
import type { MenuItemConstructorOptions } from 'electron';

export function menuTemplate(
  { lock }: { lock: () => void },
  platform: NodeJS.Platform = process.platform,
): MenuItemConstructorOptions[] {
  const lockItem: MenuItemConstructorOptions = { label: 'Lock', accelerator: 'CmdOrCtrl+L', click: lock };
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [lockItem, { type: 'separator' }, { role: platform === 'darwin' ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
  ];
}
