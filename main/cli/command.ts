/** What a command is given and what it answers. The commands themselves stand in commands.ts. */
import type { CliSession } from './session.ts';

/** One document for scripts, and the same for a person. */
export interface Answer {
  readonly json: object;
  readonly text: string;
  /** Left out: 0. */
  readonly exitCode?: number;
}

export interface CommandContext {
  readonly vaultFolder: string;
  readonly modelFolders: readonly string[];
  /** Aborted by Ctrl C. */
  readonly signal: AbortSignal;
  /** @throws argument/no-passphrase */
  passphrase(): string;
  /** A line of progress for standard error. */
  progress(line: string): void;
  /** An answer before the end, for a command that goes on running. */
  answerNow(answer: Answer): Promise<void>;
  /** The host in this process; it is closed when the command ends. */
  open(): Promise<CliSession>;
  /** The same, unlocked. @throws argument/no-passphrase, vault/wrong-passphrase */
  openUnlocked(): Promise<CliSession>;
}

/** Option values by their camel-cased long name, as commander gives them. */
export type Options = Readonly<Record<string, unknown>>;

export interface CommandModule {
  run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer | null>;
}
