/** Turns what SQLite, the file system and the ciphers report into errors that a person can be told. */
import { LanternError } from '../../core/errors/lanternError.ts';

/** The `code` of a system or SQLite error, '' for anything else. */
export function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * @returns a LanternError for the failures that storage is known to have; anything else (a bug) as it came.
 * The cause is left out on purpose where its text could hold a path.
 */
export function vaultFailure(error: unknown): unknown {
  if (error instanceof LanternError) return error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
    return diskFull();
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return damaged('The database of this vault');
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return inUse('another program');
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code.startsWith('SQLITE_READONLY')) {
    return new LanternError(
      'disk/not-permitted',
      'This place cannot be written to or read.',
      'Check that the disk is not write-protected, choose another folder, or ask who administers this computer.',
    );
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    return new LanternError(
      'disk/failed',
      'The disk could not be read or written.',
      'Check the disk and its cable, then copy the vault folder to another disk.',
    );
  }
  return error;
}

export function diskFull(): LanternError {
  return new LanternError(
    'disk/full',
    'The disk is full; nothing was changed.',
    'Free some space on this disk and try again.',
  );
}

/** @param what starts the sentence: "The file vault.json" */
export function damaged(what: string): LanternError {
  return new LanternError(
    'vault/damaged',
    `${what} is damaged: it is not what Lantern wrote.`,
    'Put the vault folder back from a backup; nothing was changed by this attempt.',
  );
}

/** @param who ends the sentence: "process 42 on this computer" */
export function inUse(who: string): LanternError {
  return new LanternError(
    'vault/in-use',
    `This vault is already open in ${who}.`,
    'Close Lantern there and try again. Only if that computer is off for good, delete the file "lock" in the vault folder.',
  );
}
