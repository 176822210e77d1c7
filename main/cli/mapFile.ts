/** A map of numbers on a series' own grid as a NIfTI file, float32. */
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { writeNifti } from '#core/formats/nifti.ts';
import { writeFileAtomically } from '../export/writeFileAtomically.ts';
import type { Options } from './command.ts';

/** @param what as a sentence begins @returns null where the option was not given @throws argument/format before anything runs */
export function niftiFile(options: Options, option: string, what: string): string | null {
  if (options[option] === undefined) return null;
  const file = resolve(String(options[option]));
  if (/\.nii(\.gz)?$/i.test(file)) return file;
  throw new LanternError(
    'argument/format',
    `${what} can be written as NIfTI only.`,
    'Give a file name that ends in .nii.gz.',
  );
}

export async function writeMapFile(
  scalars: Float32Array,
  geometry: SegmentationDetail['geometry'],
  file: string,
  description: string,
): Promise<void> {
  const plain = writeNifti({ geometry: volumeGeometryOf(geometry), scalars }, { description });
  await writeFileAtomically(file, /\.gz$/i.test(file) ? gzipSync(plain, { level: 1 }) : plain);
}
