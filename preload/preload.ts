/**
 * The bridge into the sandboxed page: contract/platform.ts and nothing else. No channel name, event or Electron object gets out.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { electronChannels as channels } from '../contract/electronChannels.ts';
import type { Platform } from '../contract/platform.ts';

const quitListeners = new Set<() => Promise<void>>();

ipcRenderer.on(channels.beforeQuit, () => {
  // One listener that fails must not keep the window open for ever, nor the others from saving.
  void Promise.allSettled([...quitListeners].map((listener) => listener())).then(() =>
    ipcRenderer.send(channels.readyToQuit),
  );
});

const platform: Platform = {
  shell: 'electron',
  chooseImportPaths: (kind) => ipcRenderer.invoke(channels.chooseImportPaths, kind),
  chooseModelPath: (kind) => ipcRenderer.invoke(channels.chooseModelPath, kind),
  chooseSavePath: (suggestedName) => ipcRenderer.invoke(channels.chooseSavePath, suggestedName),
  pathOfFile: (file) => webUtils.getPathForFile(file),
  onLockRequested(listener) {
    const tell = (): void => listener();
    ipcRenderer.on(channels.lockRequested, tell);
    return () => {
      ipcRenderer.off(channels.lockRequested, tell);
    };
  },
  onBeforeQuit(listener) {
    quitListeners.add(listener);
    return () => {
      quitListeners.delete(listener);
    };
  },
  revealFile: (path) => ipcRenderer.invoke(channels.revealFile, path),
};

contextBridge.exposeInMainWorld('lanternPlatform', platform);
