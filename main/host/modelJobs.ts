/** The import of a model as jobs: the look at what a person points at, and the taking in. Both are told in the vault's audit. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportedModelResult } from '#contract/schemas/model.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { type HostServices, startVaultJob } from './services.ts';

export interface LookOrder {
  readonly path?: string | undefined;
  readonly uploadId?: string | undefined;
  readonly orientation?: string | undefined;
}

/** @throws vault/locked, import/unknown-upload, argument/nothing-to-import */
export function startModelLook(services: HostServices, { path, uploadId, orientation }: LookOrder): { jobId: string } {
  services.session.require();
  const upload = uploadId === undefined ? null : services.uploads.folder(uploadId);
  if (upload === null && !path) {
    throw new LanternError('argument/nothing-to-import', 'No model was named.', 'Choose its folder or .zip file.');
  }
  return startVaultJob(services, 'model', 'Look at a model', async (_unlocked, context) => {
    try {
      const place = upload === null ? (path ?? '') : await uploadedModel(upload);
      return await services.modelImports.look(place, orientation ?? null, context);
    } finally {
      if (uploadId !== undefined) await services.uploads.remove(uploadId);
    }
  });
}

export function startModelImport(
  services: HostServices,
  { lookId, trust }: { lookId: string; trust: boolean },
): { jobId: string } {
  return startVaultJob(
    services,
    'model',
    'Import a model',
    async ({ vault }, context): Promise<ImportedModelResult> => {
      const { id, name, signedBy } = await services.modelImports.keep(lookId, trust, context);
      vault.transact(
        { action: 'model.import', subject: id, detail: { name, signedBy, onWord: signedBy === null } },
        () => {},
      );
      return { id, name };
    },
  );
}

export async function removeModel(services: HostServices, id: string): Promise<void> {
  const { vault } = services.session.require();
  await services.modelImports.remove(id);
  vault.transact({ action: 'model.remove', subject: id }, () => {});
}

/** A single .zip file is the model; anything else is its folder. */
async function uploadedModel(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isFile() && /\.zip$/i.test(only.name) ? join(folder, only.name) : folder;
}
