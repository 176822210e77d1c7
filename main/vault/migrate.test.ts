import Database from 'better-sqlite3-multiple-ciphers';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { ALL_MIGRATIONS } from './migrations/allMigrations.ts';
import type { Migration } from './migrations/migration.ts';

function schemaOf(db: Database.Database): unknown[] {
  return db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
}

const NEWEST = ALL_MIGRATIONS.length;

describe('migrations', () => {
  it.each(Array.from({ length: NEWEST + 1 }, (_, version) => version))(
    'from version %i end in the same schema as a new database',
    (version) => {
      const old = new Database(':memory:');
      migrate(old, ALL_MIGRATIONS.slice(0, version));
      expect(old.pragma('user_version', { simple: true })).toBe(version);
      expect(migrate(old)).toEqual({ from: version, to: NEWEST });
      const fresh = new Database(':memory:');
      migrate(fresh);
      expect(schemaOf(old)).toEqual(schemaOf(fresh));
      expect(schemaOf(old).length).toBeGreaterThan(15);
    },
  );

  it('keep rows of an earlier version', () => {
    const second: Migration = { version: NEWEST + 1, name: 'wider', sql: 'ALTER TABLE setting ADD COLUMN note TEXT' };
    const db = new Database(':memory:');
    migrate(db);
    db.prepare("INSERT INTO setting VALUES ('theme', '\"dark\"')").run();
    migrate(db, [...ALL_MIGRATIONS, second]);
    expect(db.prepare('SELECT * FROM setting').all()).toEqual([{ key: 'theme', value: '"dark"', note: null }]);
  });

  it('that fail leave the version before them, whole', () => {
    const broken: Migration = {
      version: NEWEST + 1,
      name: 'broken',
      sql: 'CREATE TABLE halfway (id TEXT); CREATE TABLE halfway (id TEXT)',
    };
    const db = new Database(':memory:');
    migrate(db);
    const before = schemaOf(db);
    expect(() => migrate(db, [...ALL_MIGRATIONS, broken])).toThrow(/halfway/);
    expect(db.pragma('user_version', { simple: true })).toBe(NEWEST);
    expect(schemaOf(db)).toEqual(before);
  });

  it('refuse a database that a newer Lantern wrote, and change nothing', () => {
    const db = new Database(':memory:');
    db.pragma(`user_version = ${NEWEST + 1}`);
    expect(() => migrate(db)).toThrow(expect.objectContaining({ code: 'vault/newer-schema' }));
    expect(schemaOf(db)).toEqual([]);
  });

  it('out of order are a bug that is named', () => {
    expect(() => migrate(new Database(':memory:'), [{ version: 2, name: 'second', sql: '' }])).toThrow(/second/);
  });
});
