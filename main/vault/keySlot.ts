/**
 * A key slot: the vault key, wrapped by AES-256-GCM with a key from Argon2id. Vault id and slot id are bound in as associated data,
 * so that a slot cannot be moved to another vault. Slots live in vault.json; the database knows only that they exist.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ARGON2_PARAMETERS, deriveKey } from './passphraseKey.ts';

export const keySlotSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['passphrase', 'recovery', 'break-glass']),
  ownerUserId: z.uuid(),
  createdAt: z.iso.datetime(),
  kdf: z.strictObject({
    name: z.literal('argon2id'),
    // Bounded, so that a forged file cannot make unlocking take the machine's memory.
    memoryKiB: z
      .int()
      .min(8)
      .max(2 * 1024 * 1024),
    iterations: z.int().min(1).max(100),
    parallelism: z.int().min(1).max(64),
    salt: z.base64(),
  }),
  wrap: z.strictObject({
    algorithm: z.literal('aes-256-gcm'),
    nonce: z.base64(),
    wrappedKey: z.base64(),
    tag: z.base64(),
  }),
});
export type KeySlot = z.infer<typeof keySlotSchema>;
export type KeySlotKind = KeySlot['kind'];

/** @param secret a normalised passphrase, or the data characters of a recovery code */
export async function wrapVaultKey(
  vaultId: string,
  slot: { kind: KeySlotKind; ownerUserId: string },
  secret: string,
  vaultKey: Uint8Array,
): Promise<KeySlot> {
  const id = uuidv7();
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const wrappingKey = await deriveKey(secret, salt, ARGON2_PARAMETERS);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(associatedData(vaultId, id));
  const wrappedKey = Buffer.concat([cipher.update(vaultKey), cipher.final()]);
  wrappingKey.fill(0);
  return {
    id,
    kind: slot.kind,
    ownerUserId: slot.ownerUserId,
    createdAt: new Date().toISOString(),
    kdf: { ...ARGON2_PARAMETERS, salt: salt.toString('base64') },
    wrap: {
      algorithm: 'aes-256-gcm',
      nonce: nonce.toString('base64'),
      wrappedKey: wrappedKey.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
    },
  };
}

/** @returns the vault key, or null where the secret is not this slot's */
export async function unwrapVaultKey(vaultId: string, slot: KeySlot, secret: string): Promise<Buffer | null> {
  if (secret === '') return null;
  const wrappingKey = await deriveKey(secret, Buffer.from(slot.kdf.salt, 'base64'), slot.kdf);
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, Buffer.from(slot.wrap.nonce, 'base64'), {
    authTagLength: 16,
  })
    .setAAD(associatedData(vaultId, slot.id))
    .setAuthTag(Buffer.from(slot.wrap.tag, 'base64'));
  try {
    return Buffer.concat([decipher.update(slot.wrap.wrappedKey, 'base64'), decipher.final()]);
  } catch {
    return null;
  } finally {
    wrappingKey.fill(0);
  }
}

function associatedData(vaultId: string, slotId: string): Buffer {
  return Buffer.from(`lantern/key-slot/1\n${vaultId}\n${slotId}`, 'utf8');
}
