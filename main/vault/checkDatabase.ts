/**
 * The look that unlocking takes at the database's structure. It takes a millisecond for each megabyte, and years of edits are hundreds of
 * them: of a large database every table is checked but the packets of edits. Damage to those is still met when they are read, because
 * each page carries its own tag (AEGIS-256).
 */
import type { Database } from 'better-sqlite3-multiple-ciphers';
import { damaged } from './vaultFailure.ts';

const WHOLE_UP_TO_BYTES = 64 * 2 ** 20;
/** The one table that grows with all that a person does. */
const LEFT_OUT = 'edit';

/** @throws vault/damaged */
export function checkDatabase(db: Database, wholeUpToBytes = WHOLE_UP_TO_BYTES): void {
  const pragma = (text: string) => db.pragma(text, { simple: true });
  const bytes = Number(pragma('page_count')) * Number(pragma('page_size'));
  const isWhole = bytes <= wholeUpToBytes;
  const checks = isWhole ? ['quick_check(1)'] : tablesOf(db).map((table) => `quick_check("${table}")`);
  if (checks.some((check) => pragma(check) !== 'ok')) throw damaged('The database of this vault');
}

function tablesOf(db: Database): string[] {
  const names = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return ['sqlite_schema', ...names.map(({ name }) => name)].filter((name) => name !== LEFT_OUT);
}
