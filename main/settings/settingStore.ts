/** Settings that travel with the vault: JSON values by key. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { OpenVault } from '../vault/openVault.ts';

const LONGEST_VALUE = 1 << 20;

export const settings = {
  all(vault: OpenVault): Record<string, unknown> {
    const rows = vault.db.prepare('SELECT key, value FROM setting ORDER BY key').all() as {
      key: string;
      value: string;
    }[];
    return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value)]));
  },

  /** Without a value the key is removed. @throws argument/setting */
  put(vault: OpenVault, key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (!/^[\w.:-]{1,200}$/.test(key) || (text?.length ?? 0) > LONGEST_VALUE) {
      throw new LanternError(
        'argument/setting',
        'This setting cannot be stored.',
        'Use a short name and a small value.',
      );
    }
    vault.transact({ action: 'setting.put', subject: key }, () => {
      if (text === undefined) vault.db.prepare('DELETE FROM setting WHERE key = ?').run(key);
      else {
        vault.db
          .prepare(
            'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          )
          .run(key, text);
      }
    });
  },
};
