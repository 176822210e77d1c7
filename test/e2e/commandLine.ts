/** The program's command line in a process of its own, for what a test needs before a person sits down. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PASSPHRASE } from './session.ts';

const program = fileURLToPath(new URL('../../main/cli/lantern.ts', import.meta.url));

/** @returns the command's JSON document @throws Error with what the command said */
export function commandLine(vaultFolder: string, ...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args, '--vault', vaultFolder, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, LANTERN_PASSPHRASE: PASSPHRASE },
  });
  if (status !== 0) throw new Error(`lantern ${args[0]}: exit ${status} ${stdout.slice(0, 300)} ${stderr.slice(-300)}`);
  return JSON.parse(stdout);
}

/** @returns the id of the vault's first series */
export function firstSeries(vaultFolder: string): string {
  const { studies } = commandLine(vaultFolder, 'list') as { studies: { series: { id: string }[] }[] };
  const id = studies[0]?.series[0]?.id;
  if (id === undefined) throw new Error('the vault holds no series');
  return id;
}
