/** A process for tests to kill: opens a vault and imports a folder into it. Arguments: vault folder, passphrase, folder of images. */
import { writeSync } from 'node:fs';
import { unlockVault } from '../vault/vault.ts';
import { importPaths } from './importPaths.ts';

const [vaultFolder = '', passphrase = '', images = ''] = process.argv.slice(2);
const vault = await unlockVault(vaultFolder, { passphrase });
const progress = (done: number, _total: number, _unit: string, phase: string) => writeSync(1, `${phase} ${done}\n`);
await importPaths(vault, [images], { signal: new AbortController().signal, progress });
writeSync(1, 'done\n');
await vault.close();
