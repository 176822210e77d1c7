/** Brings a database up to the newest schema, one version at a time, each in its own transaction. */
import type { Database } from 'better-sqlite3-multiple-ciphers';
import { LanternError } from '../../core/errors/lanternError.ts';
import { ALL_MIGRATIONS } from './migrations/allMigrations.ts';
import type { Migration } from './migrations/migration.ts';

/**
 * @param migrations oldest first, versions 1, 2, 3 …
 * @returns the version before and after
 * @throws vault/newer-schema where the database was written by a newer Lantern; nothing is changed then
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[] = ALL_MIGRATIONS,
): { readonly from: number; readonly to: number } {
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1) throw new Error(`migration ${migration.name} is out of order`);
  });
  const from = Number(db.pragma('user_version', { simple: true }));
  const to = migrations.length;
  if (from > to) {
    throw new LanternError(
      'vault/newer-schema',
      'This vault was last used with a newer Lantern.',
      'Open it with that version, or install the newest one here.',
    );
  }
  for (const migration of migrations.slice(from)) {
    db.transaction(() => {
      db.exec(migration.sql);
      const broken = db.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0) throw new Error(`migration ${migration.name} breaks ${broken.length} references`);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
  return { from, to };
}
