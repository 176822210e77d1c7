/** `import PATH…`: brings files and folders into the vault; every file ends with a status. */
import { resolve } from 'node:path';
import { importResult } from '#contract/schemas/importResult.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Answer, CommandContext } from '../command.ts';

export async function run(context: CommandContext, args: readonly string[]): Promise<Answer> {
  const session = await context.openUnlocked();
  context.progress('Looking for files');
  const result = importResult.parse(
    await session.job(session.rpc.imports.start({ paths: args.map((path) => resolve(path)) })),
  );
  const { imported, duplicates, ignored, failed, files } = result;
  const reasons = files.filter(({ status }) => status === 'failed' || status === 'ignored');
  const text = [
    `${imported} imported, ${duplicates} known already, ${ignored} ignored, ${failed} failed.`,
    ...reasons.map(({ path, status, reason }) => `${status}: ${path}: ${reason ?? ''}`),
  ].join('\n');
  if (imported + duplicates > 0) return { json: result, text };
  const error = new LanternError(
    'import/nothing-imported',
    'None of these files could be imported.',
    'Look at the reason that is given for each file.',
  );
  return { json: { error: error.toJSON(), ...result }, text: `${error.message}\n${text}`, exitCode: 1 };
}
