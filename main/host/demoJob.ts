/** The demonstration study as a job: the phantom is written as DICOM and comes in the way that every study does. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostServices, startVaultJob } from './services.ts';

export function startDemoJob(services: HostServices): { jobId: string } {
  return startVaultJob(services, 'demo', 'Demonstration study', async ({ vault }, context, jobId) => {
    const [{ writePhantomDicom }, { importPaths }] = await Promise.all([
      import('../demo/phantomDicom.ts'),
      import('../import/importPaths.ts'),
    ]);
    const folder = join(await vault.scratchFolder(), jobId());
    try {
      await writePhantomDicom(folder, context);
      return await importPaths(vault, [folder], context, { isDemonstration: true });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
