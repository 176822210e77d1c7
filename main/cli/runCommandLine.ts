/**
 * Parses the command line, runs one command, answers on standard output and sets the exit status: 0 only on success, 130 after
 * Ctrl C. Next: commands.ts, session.ts.
 */
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { LanternError } from '#core/errors/lanternError.ts';
import { defaultVaultFolder, importedModelsFolder, shippedModelsFolder } from '../host/places.ts';
import { asLanternError } from '../jobs/jobs.ts';
import type { Answer, CommandContext } from './command.ts';
import { type CommandEntry, commands } from './commands.ts';
import { ProgressLines } from './progressLines.ts';
import type { CliSession } from './session.ts';
import { claimStandardOutput, type StandardOutput } from './standardOutput.ts';

export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const stdout = claimStandardOutput();
  const wantsJson = argv.includes('--json');
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  try {
    const exitCode = await parse(argv, stdout, interrupt.signal);
    process.exitCode = exitCode;
  } catch (error) {
    process.exitCode = interrupt.signal.aborted ? 130 : 1;
    await tellFailure(asLanternError(error), wantsJson, stdout);
    if (process.env['LANTERN_DEBUG']) console.error(error);
  }
  // Native threads (networks, codecs) may keep the process; all that matters is closed and written by now.
  process.exit();
}

async function parse(argv: readonly string[], stdout: StandardOutput, signal: AbortSignal): Promise<number> {
  let exitCode = 0;
  const help: string[] = [];
  const program = new Command('lantern')
    .description(
      'Lantern, the imaging workstation, without its window. The passphrase is read from LANTERN_PASSPHRASE.',
    )
    .exitOverride()
    // Options belong to the subcommand that they follow.
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => help.push(text), writeErr: () => undefined });
  const add = (parent: Command, entry: CommandEntry): void => {
    const command = withOptions(parent.command(entry.name).description(entry.summary), entry);
    command.action(async (...given: unknown[]) => {
      // commander passes the arguments, then the options, then the command itself.
      const args = given.slice(0, -2).flat().map(String);
      exitCode = await runCommand(entry, args, command.opts(), stdout, signal);
    });
    for (const subcommand of entry.subcommands ?? []) add(command, subcommand);
  };
  for (const entry of commands) add(program, entry);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 || help.length === 0) throw usageError(error, help);
  }
  if (help.length > 0) await stdout.write(help.join(''));
  return exitCode;
}

function withOptions(command: Command, entry: CommandEntry): Command {
  if (entry.args) command.arguments(entry.args);
  for (const [flags, summary] of entry.required ?? []) command.requiredOption(flags, summary);
  for (const [flags, summary] of entry.options ?? []) command.option(flags, summary);
  return command
    .option('--vault <folder>', 'the vault; else LANTERN_VAULT, else the platform’s data folder')
    .option(
      '--models <folder>',
      'another folder of model packs',
      (folder: string, all: string[]) => [...all, folder],
      [],
    )
    .option('--json', 'answer with one JSON document');
}

async function runCommand(
  entry: CommandEntry,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  stdout: StandardOutput,
  signal: AbortSignal,
): Promise<number> {
  const sessions: CliSession[] = [];
  const progress = new ProgressLines();
  const say = (answer: Answer): Promise<void> =>
    stdout.write(`${options['json'] ? JSON.stringify(answer.json) : answer.text}\n`);
  const extraModels = Array.isArray(options['models'])
    ? options['models'].map((folder) => resolve(String(folder)))
    : [];
  const context: CommandContext = {
    vaultFolder: resolve(typeof options['vault'] === 'string' ? options['vault'] : defaultVaultFolder()),
    modelFolders: [shippedModelsFolder(), importedModelsFolder(), ...extraModels],
    signal,
    passphrase,
    progress: (line) => progress.say(line),
    answerNow: say,
    async open() {
      const { openSession } = await import('./session.ts');
      const session = await openSession(context);
      sessions.push(session);
      return session;
    },
    async openUnlocked() {
      const secret = passphrase();
      const session = await context.open();
      await session.call(session.rpc.vault.unlock({ passphrase: secret }));
      return session;
    },
  };
  const answer = await entry
    .load()
    .then(({ run }) => run(context, args, options))
    .finally(async () => {
      progress.end();
      for (const session of sessions) await session.close();
    });
  // Only now: a failure to close would otherwise follow the answer as a second document.
  if (answer) await say(answer);
  return answer?.exitCode ?? 0;
}

function passphrase(): string {
  const value = process.env['LANTERN_PASSPHRASE'];
  if (!value) {
    throw new LanternError(
      'argument/no-passphrase',
      'The passphrase of the vault was not given.',
      'Put it into the environment variable LANTERN_PASSPHRASE.',
    );
  }
  return value;
}

function usageError(error: CommanderError, help: readonly string[]): LanternError {
  const known = commands.map(({ name }) => name).join(', ');
  if (error.code === 'commander.unknownCommand' || (error.code === 'commander.help' && help.length === 0)) {
    return new LanternError('argument/unknown-command', 'This is not a command of Lantern.', `Commands are ${known}.`);
  }
  const said = error.message.replace(/^error: /, '');
  return new LanternError(
    'argument/usage',
    `The command line is not right: ${said}.`,
    'Add --help to see how it is used.',
  );
}

async function tellFailure(error: LanternError, wantsJson: boolean, stdout: StandardOutput): Promise<void> {
  if (wantsJson) await stdout.write(`${JSON.stringify({ error: error.toJSON() })}\n`);
  else process.stderr.write(`${error.message}\n${error.hint}\n`);
}
