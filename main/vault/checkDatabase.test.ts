import Database from 'better-sqlite3-multiple-ciphers';
import { beforeEach, expect, test } from 'vitest';
import { checkDatabase } from './checkDatabase.ts';
import { migrate } from './migrate.ts';

let db: Database.Database;
beforeEach(() => {
  db = new Database(':memory:');
  migrate(db);
});

/** A row that the schema forbids, as only damage can bring it about. */
function damageUsers(): void {
  db.pragma('ignore_check_constraints = ON');
  db.prepare("INSERT INTO user (id, name, role, created_at) VALUES ('u', 'A', 'intruder', '')").run();
  db.pragma('ignore_check_constraints = OFF');
}

test.each([Number.POSITIVE_INFINITY, 0])('finds damage in a database checked whole up to %d bytes', (bytes) => {
  checkDatabase(db, bytes);
  damageUsers();
  expect(() => checkDatabase(db, bytes)).toThrowError(expect.objectContaining({ code: 'vault/damaged' }));
});

test('of a large database every table is checked but the edits', () => {
  const checked: string[] = [];
  const pragma = db.pragma.bind(db);
  db.pragma = (text, options) => {
    checked.push(...(/^quick_check\("(.*)"\)$/.exec(text)?.slice(1) ?? []));
    return pragma(text, options);
  };
  checkDatabase(db, 0);
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  expect(tables).toContain('edit');
  expect(checked.sort()).toEqual(['sqlite_schema', ...tables.filter((table) => table !== 'edit')].sort());
});
