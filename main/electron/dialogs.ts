/** Native dialogs, answered only to our own page. */
import { BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain, shell } from 'electron';
import { electronChannels as channels } from '#contract/electronChannels.ts';
import { isOwn } from './protocol.ts';

export function answerDialogs(): void {
  handle(channels.chooseImportPaths, async (window, kind) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      properties: kind === 'folder' ? ['openDirectory', 'multiSelections'] : ['openFile', 'multiSelections'],
    });
    return canceled ? [] : filePaths;
  });
  handle(channels.chooseModelPath, async (window, kind) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(
      window,
      kind === 'folder'
        ? { properties: ['openDirectory'] }
        : { properties: ['openFile'], filters: [{ name: 'ZIP', extensions: ['zip'] }] },
    );
    return canceled ? undefined : filePaths[0];
  });
  handle(channels.chooseSavePath, async (window, suggestedName) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: String(suggestedName) });
    return canceled ? undefined : filePath;
  });
  handle(channels.revealFile, async (_window, path) => shell.showItemInFolder(String(path)));
}

function handle(channel: string, answer: (window: BrowserWindow, argument: unknown) => Promise<unknown>): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, argument: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window || !event.senderFrame || !isOwn(event.senderFrame.url)) throw new Error('not our page');
    return answer(window, argument);
  });
}
