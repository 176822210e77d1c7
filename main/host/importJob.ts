/** An import as a job: of paths on this machine, or of what a page has uploaded. Next: ../import/importPaths.ts. */
import { relative } from 'node:path';
import type { ImportResult } from '#contract/schemas/importResult.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { type HostServices, startVaultJob } from './services.ts';

/** @throws argument/nothing-to-import, import/unknown-upload */
export function startImportJob(
  services: HostServices,
  { paths, uploadId }: { paths?: string[] | undefined; uploadId?: string | undefined },
): { jobId: string } {
  if (uploadId !== undefined) return startUploadImport(services, uploadId);
  if (!paths?.length) {
    throw new LanternError('argument/nothing-to-import', 'Nothing to import was named.', 'Choose a folder or files.');
  }
  return startVaultJob(services, 'import', 'Import', async ({ vault }, context) => {
    const { importPaths } = await import('../import/importPaths.ts');
    return importPaths(vault, paths, context);
  });
}

function startUploadImport(services: HostServices, uploadId: string): { jobId: string } {
  services.session.require();
  const folder = services.uploads.folder(uploadId);
  return startVaultJob(services, 'import', 'Import', async ({ vault }, context): Promise<ImportResult> => {
    try {
      const { importPaths } = await import('../import/importPaths.ts');
      const result = await importPaths(vault, [folder], context);
      // The page knows its files by the paths that it gave them, not by where they were staged.
      return { ...result, files: result.files.map((file) => ({ ...file, path: relative(folder, file.path) })) };
    } finally {
      await services.uploads.remove(uploadId);
    }
  });
}
