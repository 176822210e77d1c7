/** `init`: creates the vault. */
import { userInfo } from 'node:os';
import type { Answer, CommandContext, Options } from '../command.ts';

export async function run(context: CommandContext, _args: readonly string[], options: Options): Promise<Answer> {
  const passphrase = context.passphrase();
  const { rpc, call } = await context.open();
  context.progress('Creating the vault');
  const { recoveryCode } = await call(
    rpc.vault.create({
      name: String(options['name'] ?? 'Lantern'),
      userName: String(options['user'] ?? userInfo().username),
      passphrase,
    }),
  );
  return {
    json: { vault: context.vaultFolder, recoveryCode },
    text: [
      `The vault is in ${context.vaultFolder}.`,
      `Recovery code: ${recoveryCode}`,
      'Write it down and keep it apart from this computer. It is not shown again, and without it or the passphrase',
      'nobody can open the vault.',
    ].join('\n'),
  };
}
