/** Where things lie on this machine: the vault's folder by default, and what comes with the program. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The platform's folder for a program's own data, or what LANTERN_VAULT says. */
export function defaultVaultFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return env['LANTERN_VAULT'] || join(dataFolder(env, platform), 'Lantern');
}

/** Where Lantern remembers what it found out about this machine (its graphics hardware); holds no patient data. */
export function machineStateFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'Lantern');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Lantern');
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'Lantern');
}

/** The project's folder when run from source, the packed program's otherwise: the nearest that holds package.json. */
export function programFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) throw new Error('package.json is not above the program');
  }
}

export function rendererFolder(): string {
  return join(programFolder(), 'dist', 'renderer');
}

/** Model packs that come with the program: beside the packed archive, or in the project. */
export function shippedModelsFolder(): string {
  return join(programFolder(), 'models');
}

/** Model packs that were imported on this machine, or what LANTERN_MODELS says; no patient data, so outside of the vault. */
export function importedModelsFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return env['LANTERN_MODELS'] || join(dataFolder(env, platform), 'Lantern Models');
}

/** Public keys (PEM) of those whose packs this clinic takes without asking. */
export function trustedKeysFolder(modelsFolder: string): string {
  return join(modelsFolder, 'trusted-keys');
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env['APPDATA'] || join(homedir(), 'AppData', 'Roaming');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
}
