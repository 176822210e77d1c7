/** Whether a pack's network is there and is the one that the manifest names. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelPack } from './modelPack.ts';

/** By file, size and time of change, so that a list of models reads large files once. */
const known = new Map<string, string>();

/** @returns why the pack can't be run, or null */
export async function packProblem(pack: ModelPack): Promise<LanternError | null> {
  const missing = await weightsMissing(pack);
  if (missing) return missing;
  for (const { file, sha256 } of pack.networks) {
    if ((await sha256Of(file)) !== sha256) return hashMismatch(pack.manifest.name);
  }
  if (pack.manifest.output.kind === 'prompt') return unsupportedOutput(pack);
  return null;
}

/** The quick part: reads no bytes. */
export async function weightsMissing(pack: ModelPack): Promise<LanternError | null> {
  for (const { file } of pack.networks) {
    const found = await stat(file).catch(() => null);
    if (found?.isFile()) continue;
    return new LanternError(
      'model/weights-missing',
      `The weights of “${pack.manifest.name}” (${basename(file)}) are not in its folder.`,
      'Copy the file named in the model’s card into the pack’s folder.',
    );
  }
  return null;
}

export function hashMismatch(name: string): LanternError {
  return new LanternError(
    'model/hash-mismatch',
    `The weights of “${name}” are not the ones that its manifest names: the file is damaged or was exchanged.`,
    'Get the model pack again from its maker; it is not run as it is.',
  );
}

export function unsupportedOutput(pack: ModelPack): LanternError {
  return new LanternError(
    'model/unsupported-output',
    `“${pack.manifest.name}” answers with “${pack.manifest.output.kind}”, which this version of Lantern cannot read yet.`,
    'Choose a model whose output is “semantic” or “instances”.',
  );
}

async function sha256Of(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const key = `${size} ${mtimeMs} ${file}`;
  const before = known.get(key);
  if (before) return before;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const hex = hash.digest('hex');
  known.set(key, hex);
  return hex;
}
