/**
 * One folder with a network: manifest.json, the .onnx it names, card.md. A pack that can't be used keeps its place in the list
 * with the reason, so that the others keep working. Next: packHash.ts, inferenceService.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { modelManifest } from '#contract/modelManifest.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { NetworkFile } from './inferenceMessages.ts';

export interface ModelPack {
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** The model card, markdown; empty when there is none. */
  readonly card: string;
  /** More than one: folds of one model, which answer together. */
  readonly networks: readonly [NetworkFile, ...NetworkFile[]];
  /** Of the network; of several, the hash of their hashes in the manifest's order. */
  readonly sha256: string;
}

/** A folder that holds a manifest but no usable pack. `id` is the manifest's when it can be read, else the folder's name. */
export interface BrokenPack {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly error: LanternError;
}

/**
 * @param modelFolders each a pack itself or a folder of packs; the first of two packs with one id counts
 */
export async function findPacks(modelFolders: readonly string[]): Promise<(ModelPack | BrokenPack)[]> {
  const found = new Map<string, ModelPack | BrokenPack>();
  for (const parent of modelFolders) {
    for (const folder of await packFolders(parent)) {
      const pack = await readPack(folder);
      const id = idOf(pack);
      if (!found.has(id)) found.set(id, pack);
    }
  }
  return [...found.values()];
}

export function idOf(pack: ModelPack | BrokenPack): string {
  return 'error' in pack ? pack.id : pack.manifest.id;
}

async function packFolders(parent: string): Promise<string[]> {
  if (existsSync(join(parent, 'manifest.json'))) return [parent];
  const entries = await readdir(parent).catch(() => []);
  return (
    entries
      // A name with a dot before it is a pack that is still being written.
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => join(parent, name))
      .filter((folder) => existsSync(join(folder, 'manifest.json')))
  );
}

async function readPack(folder: string): Promise<ModelPack | BrokenPack> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  } catch {
    return broken(folder, {}, invalidManifest('it is not JSON'));
  }
  const parsed = modelManifest.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') || 'the whole';
    return broken(folder, json, invalidManifest(`${field}: ${issue?.message ?? 'not understood'}`));
  }
  const manifest = parsed.data;
  const [first, ...further] = manifest.files.map(({ name, sha256 }) => ({ file: join(folder, name), sha256 }));
  if (!first) return broken(folder, json, invalidManifest('files: no network'));
  const card = await readFile(join(folder, 'card.md'), 'utf8').catch(() => '');
  return { folder, manifest, card, networks: [first, ...further], sha256: joinedHash([first, ...further]) };
}

function joinedHash(networks: readonly NetworkFile[]): string {
  const [first, ...further] = networks.map(({ sha256 }) => sha256);
  if (first !== undefined && further.length === 0) return first;
  return createHash('sha256')
    .update(networks.map(({ sha256 }) => sha256).join('\n'))
    .digest('hex');
}

function broken(folder: string, json: unknown, error: LanternError): BrokenPack {
  const stated = json as { id?: unknown; name?: unknown } | null;
  const id = typeof stated?.id === 'string' && stated.id ? stated.id : basename(folder);
  return { id, name: typeof stated?.name === 'string' && stated.name ? stated.name : id, folder, error };
}

function invalidManifest(what: string): LanternError {
  return new LanternError(
    'model/invalid-manifest',
    `The model’s manifest.json cannot be used: ${what}.`,
    'Get the model pack again from its maker, or correct the named field.',
  );
}
