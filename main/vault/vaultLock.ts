/**
 * The file `lock`: which process has the vault open, in words for a person. A lock whose process is gone (killed, power cut) is taken over
 * at once. The database's own exclusive lock stands behind it, so a race here can never let two openers in.
 */
import { readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { inUse, systemCode, vaultFailure } from './vaultFailure.ts';

export const LOCK_FILE = 'lock';

const ownerSchema = z.object({
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  /** When the process started, in the system's own terms: tells a process from a later one with the same number. '' where unknown. */
  processStart: z.string(),
  openedAt: z.string(),
});
type LockOwner = z.infer<typeof ownerSchema>;

/** Locks that this process holds. */
const held = new Set<string>();

export interface VaultLock {
  release(): Promise<void>;
}

/** @throws vault/in-use */
export async function acquireLock(folder: string): Promise<VaultLock> {
  const path = join(folder, LOCK_FILE);
  const owner: LockOwner = {
    token: uuidv7(),
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    openedAt: new Date().toISOString(),
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await createExclusively(path, JSON.stringify(owner))) {
      held.add(owner.token);
      return { release: () => release(path, owner.token) };
    }
    const other = await readOwner(path);
    if (other && isAlive(other)) throw inUse(describe(other));
    await rm(path, { force: true });
  }
  throw inUse('another program');
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw vaultFailure(error);
  }
}

/** @returns null where nobody can be named: gone meanwhile, or its writer died between creating and writing it */
async function readOwner(path: string): Promise<LockOwner | null> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null;
      throw vaultFailure(error);
    });
    if (text === null) return null;
    const owner = parseOwner(text);
    if (owner) return owner;
    await delay(20);
  }
  return null;
}

function parseOwner(text: string): LockOwner | null {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function isAlive(owner: LockOwner): boolean {
  // Nothing can be known of another computer's processes: believe it.
  if (owner.host !== hostname()) return true;
  if (owner.pid === process.pid) return held.has(owner.token);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return systemCode(error) === 'EPERM';
  }
  const start = processStart(owner.pid);
  return start === owner.processStart || start === '' || owner.processStart === '';
}

/** Boot and clock tick at which a process started; Linux only, '' elsewhere or for a process that is gone or a zombie. */
function processStart(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; the fields after it do not. State is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : `${boot}/${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}

function describe(owner: LockOwner): string {
  const where = owner.host === hostname() ? 'on this computer' : `on the computer "${owner.host}"`;
  return `process ${owner.pid} ${where} since ${owner.openedAt}`;
}

async function release(path: string, token: string): Promise<void> {
  held.delete(token);
  const owner = await readOwner(path);
  if (owner?.token === token) await rm(path, { force: true });
}
