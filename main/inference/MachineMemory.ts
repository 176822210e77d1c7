/**
 * What the program found out about this machine, as one small JSON file in the state folder. Holds no patient data. Entries are kept
 * by machine, because a home folder may be shared between several.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export class MachineMemory<T> {
  readonly #entries: z.ZodType<Record<string, T>>;
  readonly #fileName: string;
  readonly #stateFolder: string | null;
  readonly #nothing: T;
  #memory: Promise<Record<string, T>> | null = null;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param stateFolder null: remembered only while the program runs */
  constructor(entry: z.ZodType<T>, nothing: T, fileName: string, stateFolder: string | null) {
    this.#entries = z.record(z.string(), entry);
    this.#nothing = nothing;
    this.#fileName = fileName;
    this.#stateFolder = stateFolder;
  }

  async read(): Promise<T> {
    return (await this.#all())[machineKey()] ?? this.#nothing;
  }

  /** One change after the other. @throws Error where the state folder cannot be written */
  change(changed: (before: T) => T): Promise<void> {
    const next = this.#writing.then(async () => {
      const all = await this.#all();
      const after = { ...all, [machineKey()]: changed(all[machineKey()] ?? this.#nothing) };
      this.#memory = Promise.resolve(after);
      await this.#write(after);
    });
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async #write(all: Record<string, T>): Promise<void> {
    if (!this.#stateFolder) return;
    await mkdir(this.#stateFolder, { recursive: true });
    const file = join(this.#stateFolder, this.#fileName);
    await writeFile(`${file}.${process.pid}.tmp`, `${JSON.stringify(all, null, 2)}\n`);
    await rename(`${file}.${process.pid}.tmp`, file);
  }

  #all(): Promise<Record<string, T>> {
    this.#memory ??= this.#load();
    return this.#memory;
  }

  async #load(): Promise<Record<string, T>> {
    if (!this.#stateFolder) return {};
    try {
      return this.#entries.parse(JSON.parse(await readFile(join(this.#stateFolder, this.#fileName), 'utf8')));
    } catch {
      // Absent or unreadable: it is found out again.
      return {};
    }
  }
}

/** One machine with one system and one version of the runtime; hashed, because the name of a computer is nobody's business. */
function machineKey(): string {
  const parts = [os.hostname(), os.platform(), os.release(), os.arch(), os.cpus()[0]?.model ?? '', runtimeVersion()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

const require = createRequire(import.meta.url);

function runtimeVersion(): string {
  return (require('onnxruntime-node/package.json') as { version: string }).version;
}
