/** The files that belong to a pack; anything else in its folder is not copied and not trusted. */
import { readSource, type Source } from './readSource.ts';

const PART =
  /^(manifest\.json|card\.md|SHA256SUMS(\.sig)?|LICEN[CS]E[A-Za-z.]*|[A-Za-z0-9][A-Za-z0-9._-]*\.onnx|golden\/[A-Za-z0-9._-]+)$/;

/** @returns bytes by name inside of the pack */
export async function packFiles(folder: string): Promise<Map<string, Uint8Array>> {
  return packFilesOf(await readSource(folder), '');
}

/** @param within the pack's folder in the source, "" or ending with "/" */
export async function packFilesOf(source: Source, within: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const path of source.paths) {
    const name = path.startsWith(within) ? path.slice(within.length) : '';
    if (PART.test(name)) files.set(name, await source.read(path));
  }
  return files;
}

/** Where the first manifest.json stands, the nearest to the top; null where there is none. */
export function packFolderIn({ paths }: Source): string | null {
  const manifests = paths.filter((path) => path === 'manifest.json' || path.endsWith('/manifest.json'));
  const [nearest] = manifests.sort((a, b) => a.split('/').length - b.split('/').length);
  return nearest === undefined ? null : nearest.slice(0, -'manifest.json'.length);
}
