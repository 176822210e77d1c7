/** The table key_slot follows vault.json, which is the truth: who can open the vault is part of the audited record, without any key. */
import type { Database } from 'better-sqlite3-multiple-ciphers';
import type { KeySlot } from './keySlot.ts';

/** Adds rows for slots that are new and marks rows whose slot is gone as revoked. Runs in the caller's transaction. */
export function recordKeySlots(db: Database, slots: readonly KeySlot[]): void {
  const insert = db.prepare(
    'INSERT INTO key_slot (id, kind, owner_user_id, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  for (const slot of slots) insert.run(slot.id, slot.kind, slot.ownerUserId, slot.createdAt);
  const present = JSON.stringify(slots.map((slot) => slot.id));
  db.prepare(
    'UPDATE key_slot SET revoked_at = ? WHERE revoked_at IS NULL AND id NOT IN (SELECT value FROM json_each(?))',
  ).run(new Date().toISOString(), present);
}
