/** Names of the messages between Electron's main process and the preload bridge; what they carry stands in platform.ts. */
export const electronChannels = {
  chooseImportPaths: 'lantern:choose-import-paths',
  chooseModelPath: 'lantern:choose-model-path',
  chooseSavePath: 'lantern:choose-save-path',
  revealFile: 'lantern:reveal-file',
  lockRequested: 'lantern:lock-requested',
  beforeQuit: 'lantern:before-quit',
  readyToQuit: 'lantern:ready-to-quit',
} as const;
