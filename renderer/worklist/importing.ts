/**
 * Brings files in. Electron names paths; in the loopback shell the page uploads the files first, as a job of this window that
 * can be cancelled like every other. The host's import job tells its result in importReportStore.ts.
 */
import { notifications } from '@mantine/notifications';
import { blobRoutes } from '#contract/blobRoutes.ts';
import { chooseFiles } from '../app/chooseFiles.ts';
import { blobs, rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { useJobs } from '../app/jobsStore.ts';
import { platform } from '../app/platform.ts';
import { words } from '../words/index.ts';
import { inParallel } from './inParallel.ts';

/** How many files travel at once. */
const UPLOADS_AT_ONCE = 4;

/** A file as the browser hands it over; the path is relative to what was chosen or dropped. */
export interface FileToUpload {
  readonly file: File;
  readonly path: string;
}

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
  const uploadId = await upload(files).catch(() => null);
  if (uploadId !== null) await rpc.imports.start({ uploadId });
}

function upload(files: readonly FileToUpload[]): Promise<string> {
  const said = words.worklist.importing;
  return useJobs.getState().runHere('import', said.reading, async ({ signal, progress }) => {
    const begun = await blobs.postBytes(blobRoutes.uploads(), undefined, { signal });
    const { uploadId } = blobs.jsonOf<{ uploadId: string }>(begun);
    let done = 0;
    progress(done, files.length, said.files, '');
    try {
      await inParallel(files, UPLOADS_AT_ONCE, async ({ file, path }) => {
        await blobs.putBytes(blobRoutes.uploadFile(uploadId, path), file, { signal });
        done += 1;
        progress(done, files.length, said.files, '');
      });
    } catch (error) {
      // Nobody will ask for it again. Should this fail too, the host drops the upload when the vault is locked.
      await blobs.remove(blobRoutes.upload(uploadId)).catch(() => undefined);
      throw error;
    }
    return uploadId;
  });
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
