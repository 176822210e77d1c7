/**
 * Takes files and folders into the vault. Every file ends as imported, duplicate, ignored or failed; one bad file never stops the rest.
 * Nothing is imported before it is committed. Next: ImportRun.ts, warmReaders.ts (parsing, without keys).
 */
import type { ImportResult } from '../../contract/schemas/importResult.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { exclusively } from './exclusively.ts';
import type { FileReaders } from './FileReaders.ts';
import { ImportRun } from './ImportRun.ts';
import { listFiles } from './listFiles.ts';
import { withReaders } from './warmReaders.ts';

export interface ImportOptions {
  readonly isDemonstration?: boolean;
}

/**
 * @param paths files and folders; folders are searched to their depth
 * @throws import/not-found, import/nothing-to-import, disk/full, vault/…; and what `context.signal` was aborted with
 */
export function importPaths(
  vault: OpenVault,
  paths: readonly string[],
  context: JobContext,
  options: ImportOptions = {},
): Promise<ImportResult> {
  return exclusively(vault, async () => {
    context.signal.throwIfAborted();
    const files = await listFiles(paths);
    context.signal.throwIfAborted();
    if (files.length === 0) throw nothing('There are no files here.');
    return withReaders(vault, [context.signal], (readers) =>
      importFiles(vault, files, readers, context, options.isDemonstration ?? false),
    );
  });
}

async function importFiles(
  vault: OpenVault,
  files: readonly string[],
  readers: FileReaders,
  context: JobContext,
  isDemonstration: boolean,
): Promise<ImportResult> {
  const run = new ImportRun(vault, files, readers, context, isDemonstration);
  try {
    const result = await run.result();
    if (result.ignored === files.length) {
      const [first] = result.files;
      throw nothing(files.length === 1 ? (first?.reason ?? '') : `None of these ${files.length} files is an image.`);
    }
    return result;
  } catch (error) {
    await run.abort();
    context.signal.throwIfAborted();
    throw error;
  }
}

function nothing(sentence: string): LanternError {
  return new LanternError(
    'import/nothing-to-import',
    `Nothing was imported. ${sentence}`,
    'Choose a folder with DICOM images, or a NIfTI, NRRD or MetaImage file.',
  );
}
