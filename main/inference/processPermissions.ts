/**
 * What the inference process may touch, as arguments of Node's permission model: it reads the program and the models, writes
 * nothing and starts nothing. A fence against mistakes and hostile manifests; native code of the runtime is not held by it.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

const require = createRequire(import.meta.url);

/** @param entry the process's program @param modelFolders need not exist */
export function processPermissions(entry: string, modelFolders: readonly string[]): string[] {
  // node_modules/onnxruntime-node/package.json → the folder that holds node_modules, and in the source tree all of the program.
  const program = dirname(dirname(dirname(require.resolve('onnxruntime-node/package.json'))));
  const readable = new Set([program, dirname(entry), ...modelFolders].flatMap((path) => [resolve(path), real(path)]));
  return [
    '--permission',
    '--allow-addons',
    '--allow-worker',
    '--disable-warning=SecurityWarning',
    ...[...readable].map((path) => `--allow-fs-read=${path}`),
  ];
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
