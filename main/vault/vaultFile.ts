/**
 * vault.json: who this vault is and how its key is wrapped; no patient data, nothing secret by itself.
 * A checksum tells a damaged file from a wrong passphrase. Replaced as a whole, never changed in place.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LanternError } from '../../core/errors/lanternError.ts';
import { writeFileDurably } from './durableFile.ts';
import { keySlotSchema } from './keySlot.ts';
import { damaged, systemCode, vaultFailure } from './vaultFailure.ts';

export const VAULT_FILE = 'vault.json';
export const FORMAT_VERSION = 1;

const contentSchema = z.strictObject({
  format: z.literal('lantern-vault'),
  formatVersion: z.literal(FORMAT_VERSION),
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  slots: z.array(keySlotSchema).min(1).max(1000),
});
export type VaultFile = z.infer<typeof contentSchema>;

/** @throws vault/not-found, vault/damaged, vault/newer-format */
export async function readVaultFile(folder: string): Promise<VaultFile> {
  let text: string;
  try {
    text = await readFile(join(folder, VAULT_FILE), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') throw notFound();
    throw vaultFailure(error);
  }
  const { content, checksum } = splitChecksum(text);
  if (content['format'] === 'lantern-vault' && checksum !== checksumOf(content)) throw damaged('The file vault.json');
  if (typeof content['formatVersion'] === 'number' && content['formatVersion'] > FORMAT_VERSION) {
    throw new LanternError(
      'vault/newer-format',
      'This vault was written by a newer Lantern.',
      'Open it with that version, or install the newest one here.',
    );
  }
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) throw damaged('The file vault.json');
  return parsed.data;
}

export async function writeVaultFile(folder: string, content: VaultFile): Promise<void> {
  const text = JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2);
  await writeFileDurably(join(folder, VAULT_FILE), `${text}\n`);
}

function splitChecksum(text: string): { content: Record<string, unknown>; checksum: unknown } {
  try {
    const { checksum, ...content } = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return { content, checksum };
  } catch {
    throw damaged('The file vault.json');
  }
}

/** SHA-256 of the JSON without white space; key order is the file's own. */
function checksumOf(content: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

export function notFound(): LanternError {
  return new LanternError(
    'vault/not-found',
    'There is no vault in this folder.',
    'Choose the folder that holds vault.json, or create a new vault.',
  );
}
