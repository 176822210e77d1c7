/**
 * The audit trail: every row carries the SHA-256 of the row before it, from the first row on, so that a row cannot be changed, removed
 * or put in between without every later hash changing. Times are UTC.
 */
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3-multiple-ciphers';
import type { AuditEntry } from './openVault.ts';

interface AuditRow {
  readonly sequence: number;
  readonly at: string;
  readonly user_ref: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

export interface AuditVerdict {
  readonly rows: number;
  /** Sequence of the first row that does not fit, or null where the chain is whole. */
  readonly brokenAt: number | null;
}

/** Must run inside of the transaction of the act that it records. */
export function appendAudit(db: Database, vaultId: string, userId: string | null, entry: AuditEntry): void {
  const last = db
    .prepare<[], { sequence: number; hash: Buffer }>('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1')
    .get();
  const row = {
    sequence: (last?.sequence ?? 0) + 1,
    at: new Date().toISOString(),
    user_ref: userId,
    action: entry.action,
    subject: entry.subject,
    detail: JSON.stringify(entry.detail ?? {}),
    previous_hash: last?.hash ?? genesisHash(vaultId),
  };
  db.prepare(
    `INSERT INTO audit (sequence, at, user_ref, action, subject, detail, previous_hash, hash)
     VALUES (@sequence, @at, @user_ref, @action, @subject, @detail, @previous_hash, @hash)`,
  ).run({ ...row, hash: hashOf(row) });
}

/** Recomputes every hash. */
export function verifyAuditChain(vault: { readonly id: string; readonly db: Database }): AuditVerdict {
  let previous = genesisHash(vault.id);
  let rows = 0;
  for (const row of vault.db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY sequence').iterate()) {
    rows++;
    if (row.sequence !== rows || !row.previous_hash.equals(previous) || !row.hash.equals(hashOf(row))) {
      return { rows, brokenAt: row.sequence };
    }
    previous = row.hash;
  }
  return { rows, brokenAt: null };
}

function genesisHash(vaultId: string): Buffer {
  return createHash('sha256').update(`lantern/audit/1\n${vaultId}`).digest();
}

function hashOf(row: Omit<AuditRow, 'hash'>): Buffer {
  return createHash('sha256')
    .update(row.previous_hash)
    .update(JSON.stringify([row.sequence, row.at, row.user_ref, row.action, row.subject, row.detail]))
    .digest();
}
