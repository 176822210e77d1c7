/**
 * What the inference process may touch, as arguments of Node's permission model: it reads the program and the models, starts nothing,
 * and writes nothing once it has loaded its program. A fence against mistakes and hostile manifests; native code of the runtime is not held by it.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * @param entry the process's program
 * @param modelFolders need not exist
 * @param compileCache the folder of compiled code (compileCache.ts), which the process may write until it gives that up
 */
export function processPermissions(
  entry: string,
  modelFolders: readonly string[],
  compileCache: string | null = null,
): string[] {
  // node_modules/onnxruntime-node/package.json → the folder that holds node_modules, and in the source tree all of the program.
  const program = dirname(dirname(dirname(require.resolve('onnxruntime-node/package.json'))));
  const readable = new Set([program, dirname(entry), ...modelFolders].flatMap((path) => [resolve(path), real(path)]));
  return [
    '--permission',
    '--allow-addons',
    '--allow-worker',
    '--disable-warning=SecurityWarning',
    ...[...readable].map((path) => `--allow-fs-read=${path}`),
    ...(compileCache === null ? [] : [`--allow-fs-write=${join(compileCache, '*')}`]),
  ];
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
