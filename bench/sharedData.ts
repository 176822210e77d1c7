import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../shared/data', import.meta.url));

/** @throws Error when the real data does not lie beside the project */
export function sharedData(path: string): string {
  const full = join(shared, path);
  if (!existsSync(full)) throw new Error(`needs ../shared/data/${path}, which is not here`);
  return full;
}
