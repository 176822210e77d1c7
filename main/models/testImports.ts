/** Imports for tests, each test with folders of its own: for what comes from (`at`) and for the models that are kept (`inModels`). */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type ImportOrder, importModel } from './importModel.ts';

/** Called once in a test file; its hooks make and remove the folders. */
export function testImports() {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lantern-import-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const at = (...parts: string[]): string => join(folder, ...parts);
  const inModels = (...parts: string[]): string => at('models', ...parts);
  const taken = (path: string, order: Partial<ImportOrder> = {}) =>
    importModel({ path, modelsFolder: inModels(), shippedFolders: [], trust: true, orientation: null, ...order });
  return {
    at,
    inModels,
    taken,
    /** @returns the code of the refusal */
    refusal: (path: string, order: Partial<ImportOrder> = {}) =>
      taken(path, order).then(
        () => 'taken',
        (error: { code?: string }) => error.code,
      ),
    manifestOf: (id: string) => JSON.parse(readFileSync(inModels(id, 'manifest.json'), 'utf8')),
    /** Nothing that was refused leaves a trace. */
    kept: () => (existsSync(inModels()) ? readdirSync(inModels()) : []),
  };
}
