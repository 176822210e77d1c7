/** One file's bytes to what is in it. Runs in the reading process; never throws. Next: readDicomImage.ts, readVolumeFile.ts. */
import { LanternError } from '../../core/errors/lanternError.ts';
import { looksLikeDicom } from './parseDicomFile.ts';
import { readDicomImage } from './readDicomImage.ts';
import type { ReadResult } from './readResult.ts';
import { readVolumeFile, volumeFormat } from './readVolumeFile.ts';

export interface FileContent {
  readonly result: ReadResult;
  /** The binary block in pieces. */
  readonly blocks: readonly Uint8Array[];
}

/**
 * @param ending of the file's name, lower case, with its dot ('.nii.gz'); '' when it has none
 * @param raw bytes of the file that a MetaImage header names, if any
 */
export async function readFile(bytes: Uint8Array, ending: string, raw?: Uint8Array): Promise<FileContent> {
  try {
    if (bytes.length === 0) return ignored('The file is empty.');
    const format = volumeFormat(bytes, ending);
    if (format) return readVolumeFile(bytes, format, raw);
    if (!looksLikeDicom(bytes)) {
      return ignored(
        ending === '.dcm'
          ? 'It is named .dcm but does not hold DICOM.'
          : 'This is not an image file that Lantern reads.',
      );
    }
    const { result, values } = await readDicomImage(bytes);
    return { result, blocks: values.map((v) => new Uint8Array(v.buffer, v.byteOffset, v.byteLength)) };
  } catch (error) {
    return { result: { kind: 'failed', reason: reasonOf(error) }, blocks: [] };
  }
}

function ignored(reason: string): FileContent {
  return { result: { kind: 'ignored', reason }, blocks: [] };
}

function reasonOf(error: unknown): string {
  if (error instanceof LanternError) return error.message;
  if (error instanceof RangeError) return 'The file is damaged: it asks for more memory than it can need.';
  return 'The file is damaged and cannot be read.';
}
