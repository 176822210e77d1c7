/**
 * What a person points at for an import, a folder or a .zip file, as a list of files by path, read when they are needed. Nothing is
 * ever unpacked to the paths that an archive names; links are passed over.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { LanternError } from '#core/errors/lanternError.ts';

const MOST_FILES = 2000;
/** Of one file, and of all of an archive: no network in clinics comes near. */
const MOST_BYTES = 2e9;
const MOST_DEPTH = 6;

export interface Source {
  /** Of the folder or archive, without ending. */
  readonly name: string;
  /** Paths with "/" between names. */
  readonly paths: readonly string[];
  read(path: string): Promise<Uint8Array>;
}

/** @throws model/no-source, model/bad-archive, model/absurd-size */
export async function readSource(path: string): Promise<Source> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return folderSource(path);
  if (!found?.isFile()) throw noSource('There is nothing at this place.');
  if (!/\.zip$/i.test(path)) throw noSource('This file is not a .zip file.');
  if (found.size > MOST_BYTES) throw tooLarge('The archive');
  return zipSource(basename(path).replace(/\.zip$/i, ''), await readFile(path));
}

async function folderSource(folder: string): Promise<Source> {
  const sizes = new Map<string, number>();
  const list = async (within: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(folder, within), { withFileTypes: true })) {
      const path = within ? `${within}/${entry.name}` : entry.name;
      if (entry.isDirectory() && depth < MOST_DEPTH) await list(path, depth + 1);
      // A link could lead anywhere.
      if (entry.isFile()) sizes.set(path, (await stat(join(folder, path))).size);
      if (sizes.size > MOST_FILES) throw noSource('The folder holds too many files to be a model.');
    }
  };
  await list('', 1);
  return {
    name: basename(folder),
    paths: [...sizes.keys()].sort(),
    async read(path) {
      const size = sizes.get(path);
      if (size === undefined) throw new Error(`${path} was not listed`);
      if (size > MOST_BYTES) throw tooLarge(path);
      return readFile(join(folder, ...path.split('/')));
    },
  };
}

function zipSource(name: string, archive: Uint8Array): Source {
  const sizes = new Map<string, number>();
  try {
    unzipSync(archive, {
      filter({ name: path, originalSize }) {
        if (!path.endsWith('/')) sizes.set(safePath(path), originalSize);
        return false;
      },
    });
  } catch (error) {
    throw error instanceof LanternError ? error : badArchive('it is damaged', error);
  }
  if (sizes.size > MOST_FILES) throw badArchive('it holds too many files to be a model');
  if ([...sizes.values()].reduce((sum, n) => sum + n, 0) > MOST_BYTES) throw tooLarge('The archive, unpacked,');
  return {
    name,
    paths: [...sizes.keys()].sort(),
    async read(path) {
      try {
        // The size that was looked at is the most that is unpacked; what was cut by it fails its hash.
        const files = unzipSync(archive, { filter: (entry) => safePath(entry.name) === path });
        const [bytes] = Object.values(files);
        if (bytes && bytes.length === sizes.get(path)) return bytes;
      } catch (error) {
        throw badArchive('it is damaged', error);
      }
      throw badArchive('it is damaged');
    },
  };
}

/** @throws model/bad-archive for a name that would lead out of its folder */
function safePath(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/');
  const leads = parts.some((p) => p === '..' || p === '' || /^[A-Za-z]:$/.test(p) || p.includes('\0'));
  if (leads && !path.endsWith('/')) throw badArchive('it names a file outside of its folder');
  return parts.filter((p) => p !== '.').join('/');
}

function noSource(what: string): LanternError {
  return new LanternError(
    'model/no-source',
    what,
    'Give a model pack, an nnU-Net export or a MONAI bundle, as a folder or .zip file.',
  );
}

function badArchive(why: string, cause?: unknown): LanternError {
  return new LanternError('model/bad-archive', `The .zip file cannot be used: ${why}.`, 'Get the archive again.', {
    cause,
  });
}

function tooLarge(what: string): LanternError {
  return new LanternError(
    'model/absurd-size',
    `${what} is larger than 2 GB, which this program does not read.`,
    'Ask the model’s maker for a smaller export.',
  );
}
