/** The images of a stored series, read again from their originals. */
import { LanternError } from '../../core/errors/lanternError.ts';
import type { DecodedImage } from '../studies/assembleVolume.ts';
import { readOriginals } from '../studies/originals.ts';
import type { OpenVault } from '../vault/openVault.ts';
import type { FileReaders } from './FileReaders.ts';

export interface DecodedOriginal extends DecodedImage {
  readonly instanceId: string;
}

/** @throws series/unknown, series/unreadable */
export async function decodeOriginals(
  vault: OpenVault,
  seriesId: string,
  readers: FileReaders,
): Promise<DecodedOriginal[]> {
  const originals = await readOriginals(vault, seriesId);
  const reads = await Promise.all(originals.map(({ bytes }) => readers.read(bytes, '.dcm')));
  return reads.map(({ result, body }, n) => {
    if (result.kind !== 'dicom') {
      throw new LanternError(
        'series/unreadable',
        'An image of this series, which is in the vault, cannot be read any more.',
        'Import the series again from its source.',
      );
    }
    return { instanceId: originals[n]?.instanceId ?? '', image: result, body };
  });
}
