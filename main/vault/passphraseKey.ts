/** From what a person types to the key that wraps the vault key: Argon2id, RFC 9106. Next: keySlot.ts. */
import { argon2id } from 'hash-wasm';
import { LanternError } from '../../core/errors/lanternError.ts';

export interface Argon2Parameters {
  readonly name: 'argon2id';
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** About 0.25 s on a slow clinic computer of 2020; kept in the slot, so that it can grow without a new format. */
export const ARGON2_PARAMETERS: Argon2Parameters = {
  name: 'argon2id',
  memoryKiB: 64 * 1024,
  iterations: 3,
  parallelism: 1,
};

export const MINIMUM_PASSPHRASE_LENGTH = 10;

/** One spelling for what looks the same: é typed as one character or as two opens the same vault (Unicode NFKC). */
export function normalisePassphrase(passphrase: string): string {
  return passphrase.normalize('NFKC');
}

/** @throws vault/weak-passphrase */
export function requireStrongPassphrase(passphrase: string): void {
  const characters = [...normalisePassphrase(passphrase).trim()];
  if (characters.length < MINIMUM_PASSPHRASE_LENGTH || new Set(characters).size < 4) {
    throw new LanternError(
      'vault/weak-passphrase',
      `A passphrase has at least ${MINIMUM_PASSPHRASE_LENGTH} characters, and at least four different ones.`,
      'Take three or four words that you can remember and nobody would guess.',
    );
  }
}

/** @returns 32 bytes; the caller overwrites them when done */
export async function deriveKey(secret: string, salt: Uint8Array, parameters: Argon2Parameters): Promise<Uint8Array> {
  return argon2id({
    password: secret,
    salt,
    memorySize: parameters.memoryKiB,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
}
