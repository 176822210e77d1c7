/**
 * Brings files in. Electron names paths; in the loopback shell the page uploads the files first, as a job of this window that
 * can be cancelled like every other. The host's import job tells its result in importReportStore.ts.
 */
import { notifications } from '@mantine/notifications';
import { chooseFiles } from '../app/chooseFiles.ts';
import { rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { platform } from '../app/platform.ts';
import { type FileToUpload, uploadFiles } from '../app/uploadFiles.ts';
import { words } from '../words/index.ts';

/** Asks which, then imports. */
export async function chooseAndImport(kind: 'folder' | 'files'): Promise<void> {
  await toldIfItFails(async () => {
    const paths = await platform.chooseImportPaths(kind);
    if (paths) return importPaths(paths);
    const files = await chooseFiles(kind);
    return importFiles(files.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  });
}

/** Imports what was dropped. Electron knows the path of a dropped folder; elsewhere its files arrive one by one. */
export async function importDropped(files: readonly FileToUpload[]): Promise<void> {
  await toldIfItFails(async () => {
    const paths = files.map(({ file }) => platform.pathOfFile(file));
    return platform.shell === 'electron' ? importPaths(paths.filter(Boolean)) : importFiles(files);
  });
}

async function importPaths(paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await rpc.imports.start({ paths: [...paths] });
}

async function importFiles(files: readonly FileToUpload[]): Promise<void> {
  if (files.length === 0) return;
  // A failed or cancelled upload has told so itself: it is a job.
  const { reading, files: unit } = words.worklist.importing;
  const uploadId = await uploadFiles(files, 'import', { title: reading, unit }).catch(() => null);
  if (uploadId !== null) await rpc.imports.start({ uploadId });
}

async function toldIfItFails(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isAbort(error)) return;
    const { message, hint } = errorOf(error);
    notifications.show({
      ...{ role: 'alert', color: 'danger', autoClose: false as const },
      ...{ title: words.worklist.importing.failed, message: `${message} ${hint}` },
    });
  }
}
