/** Sends files to the host as a job of this window, where the page cannot name paths. What becomes of them: the caller's next call. */
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { JobKind } from '#contract/schemas/job.ts';
import { blobs } from './client.ts';
import { inParallel } from './inParallel.ts';
import { useJobs } from './jobsStore.ts';

/** How many files travel at once. */
const UPLOADS_AT_ONCE = 4;

/** A file as the browser hands it over; the path is relative to what was chosen or dropped. */
export interface FileToUpload {
  readonly file: File;
  readonly path: string;
}

/** @returns the upload's id @throws what went wrong, after it was told as a job that failed */
export function uploadFiles(
  files: readonly FileToUpload[],
  kind: JobKind,
  said: { readonly title: string; readonly unit: string },
): Promise<string> {
  return useJobs.getState().runHere(kind, said.title, async ({ signal, progress }) => {
    const begun = await blobs.postBytes(blobRoutes.uploads(), undefined, { signal });
    const { uploadId } = blobs.jsonOf<{ uploadId: string }>(begun);
    let done = 0;
    progress(done, files.length, said.unit, '');
    try {
      await inParallel(files, UPLOADS_AT_ONCE, async ({ file, path }) => {
        await blobs.putBytes(blobRoutes.uploadFile(uploadId, path), file, { signal });
        done += 1;
        progress(done, files.length, said.unit, '');
      });
    } catch (error) {
      // Nobody will ask for it again. Should this fail too, the host drops the upload when the vault is locked.
      await blobs.remove(blobRoutes.upload(uploadId)).catch(() => undefined);
      throw error;
    }
    return uploadId;
  });
}
