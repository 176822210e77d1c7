/** What a web page cannot do alone: Electron's preload where it is there, else the loopback shell's web means. */
import type { Platform } from '#contract/platform.ts';

const loopbackPlatform: Platform = {
  shell: 'loopback',
  chooseImportPaths: async () => null,
  chooseModelPath: async () => null,
  chooseSavePath: async () => null,
  pathOfFile: () => '',
  onLockRequested: () => () => {},
  // A page cannot delay its closing, but what it begins to send while it is hidden still leaves.
  onBeforeQuit(listener) {
    const onHide = () => void listener();
    window.addEventListener('pagehide', onHide);
    return () => window.removeEventListener('pagehide', onHide);
  },
  // The browser has already put the download where the person wanted it.
  revealFile: async () => {},
};

export const platform: Platform = window.lanternPlatform ?? loopbackPlatform;
