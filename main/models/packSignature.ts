/**
 * Who vouches for a pack. SHA256SUMS lists every file of it as sha256sum does; SHA256SUMS.sig is the Ed25519 signature of that list,
 * 64 bytes. A clinic trusts the public keys (PEM) in its folder of trusted keys. Made with
 * `sha256sum manifest.json model.onnx card.md golden/* > SHA256SUMS; openssl pkeyutl -sign -rawin -inkey KEY.pem -in SHA256SUMS -out SHA256SUMS.sig`.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';

export const SUMS = 'SHA256SUMS';
export const SIGNATURE = 'SHA256SUMS.sig';

export interface TrustedKey {
  /** The key file's name without its ending: what a person is shown. */
  readonly name: string;
  readonly key: KeyObject;
}

/** @returns keys that can be read; a folder that is not there holds none */
export async function readTrustedKeys(folder: string): Promise<TrustedKey[]> {
  const names = await readdir(folder).catch(() => []);
  const keys: TrustedKey[] = [];
  for (const name of names.filter((n) => n.endsWith('.pem')).sort()) {
    try {
      const key = createPublicKey(await readFile(join(folder, name)));
      if (key.asymmetricKeyType === 'ed25519') keys.push({ name: basename(name, '.pem'), key });
    } catch {
      // Not a key: it vouches for nothing.
    }
  }
  return keys;
}

/**
 * @param files of the pack, by name inside of it
 * @returns the name of the key that signed it; null where there is no signature, or none of a key that is trusted
 * @throws model/hash-mismatch where the list and the files differ
 */
export function signerOf(files: ReadonlyMap<string, Uint8Array>, keys: readonly TrustedKey[]): string | null {
  const sums = files.get(SUMS);
  if (!sums) return null;
  checkSums(Buffer.from(sums).toString('utf8'), files);
  const signature = files.get(SIGNATURE);
  if (!signature) return null;
  return keys.find(({ key }) => verify(null, sums, key, signature))?.name ?? null;
}

/** Every file is listed, and as it is: a file that the list does not know could say anything. */
function checkSums(text: string, files: ReadonlyMap<string, Uint8Array>): void {
  const listed = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/.exec(line) ?? [];
    if (sha256 && name) listed.set(name, sha256);
  }
  for (const [name, bytes] of files) {
    if (name === SUMS || name === SIGNATURE) continue;
    if (listed.get(name) !== createHash('sha256').update(bytes).digest('hex')) throw differs(name);
    listed.delete(name);
  }
  const [missing] = listed.keys();
  if (missing !== undefined) throw differs(missing);
}

function differs(name: string): LanternError {
  return new LanternError(
    'model/hash-mismatch',
    `The pack’s file ${name.slice(0, 80)} is not the one that its list of hashes names.`,
    'Copy the pack again from its maker.',
  );
}
