/** Where a child process's program lies: `NAME.ts` beside the caller when run from source, `NAME.js` in the bundle. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @param importMetaUrl of the module that starts the process; a bundled process stands in the bundle's folder
 * @param name without ending, as `readFiles.process`
 */
export function processEntry(importMetaUrl: string, name: string): string {
  const folder = dirname(fileURLToPath(importMetaUrl));
  const candidates = [join(folder, `${name}.ts`), join(folder, `${name}.js`), join(folder, '..', `${name}.js`)];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found) throw new Error(`the program of ${name} is not beside its caller`);
  // In the packed program a real Node runs it, which cannot read the archive: electron-builder.yml lays it beside.
  return found.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
}
