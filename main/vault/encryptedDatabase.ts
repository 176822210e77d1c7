/**
 * Opens cases.db: AEGIS-256 on every page, and every setting that durability and secrecy rest on read back after it is set.
 * Exclusive locking is the last guard against two openers: the operating system drops it with the process, however that ends.
 */
import Database from 'better-sqlite3-multiple-ciphers';
import { LanternError } from '../../core/errors/lanternError.ts';
import { damaged, vaultFailure } from './vaultFailure.ts';

/** What is set, and what must be read back. */
const SETTINGS: ReadonlyArray<readonly [name: string, value: string, expected: string | number]> = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['secure_delete', 'ON', 1],
  ['temp_store', 'MEMORY', 2],
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
  ['mmap_size', '0', 0],
];

/** The binding's own call for the key: it never becomes part of an SQL text. The typings are better-sqlite3's and lack it. */
interface Keyed {
  key(key: Buffer): number;
}

/**
 * @param vaultKey 32 bytes
 * @throws vault/damaged, vault/in-use, vault/unsafe-database, disk/full
 */
export function openEncryptedDatabase(
  path: string,
  vaultKey: Buffer,
  options: { mustExist: boolean },
): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { fileMustExist: options.mustExist, timeout: 0 });
    expectSetting(db.pragma("cipher = 'aegis'", { simple: true }), 'aegis', 'cipher');
    expectSetting(db.pragma("algorithm = 'aegis-256'", { simple: true }), 'aegis-256', 'algorithm');
    const key = Buffer.from(`raw:${vaultKey.toString('hex')}`, 'latin1');
    (db as unknown as Keyed).key(key);
    key.fill(0);
    for (const [name, value] of SETTINGS) db.pragma(`${name} = ${value}`);
    // The first read of a page; a wrong key or a flipped byte shows here.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    verifySettings(db);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_CANTOPEN') {
      throw damaged('The database of this vault');
    }
    throw vaultFailure(error);
  }
}

/** @throws vault/unsafe-database */
export function verifySettings(db: Database.Database): void {
  expectSetting(db.pragma('cipher', { simple: true }), 'aegis', 'cipher');
  expectSetting(db.pragma('algorithm', { simple: true }), 'aegis-256', 'algorithm');
  for (const [name, , expected] of SETTINGS) expectSetting(db.pragma(name, { simple: true }), expected, name);
}

function expectSetting(actual: unknown, expected: string | number, name: string): void {
  if (actual === expected) return;
  throw new LanternError(
    'vault/unsafe-database',
    `The database did not accept its setting "${name}", so the vault was not opened.`,
    'Install Lantern again; the database part of this installation is not the one it was tested with.',
  );
}
