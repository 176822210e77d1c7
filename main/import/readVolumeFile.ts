/** NIfTI, NRRD and MetaImage files as volumes. Runs in the reading process. Next: core/formats. */
import { CT_SOFT_TISSUE, defaultWindow } from '../../core/dicom/defaultWindow.ts';
import type { SeriesWarning } from '../../core/dicom/seriesGeometry.ts';
import { isMetaImage, readMetaImage } from '../../core/formats/metaImage.ts';
import { isNifti, readNifti } from '../../core/formats/nifti.ts';
import { isNrrd, readNrrd } from '../../core/formats/nrrd.ts';
import { valueRange } from '../../core/formats/pixelStats.ts';
import { scalarTypeOf, type Volume } from '../../core/volume/volume.ts';
import type { FileContent } from './readFile.ts';
import type { VolumeFile } from './readResult.ts';

/** @returns which format the name and the first bytes say, or null */
export function volumeFormat(bytes: Uint8Array, ending: string): VolumeFile['format'] | null {
  if (['.nii', '.nii.gz', '.hdr', '.img'].includes(ending) || isNifti(bytes)) return 'nifti';
  if (['.nrrd', '.nhdr'].includes(ending) || isNrrd(bytes)) return 'nrrd';
  if (['.mha', '.mhd'].includes(ending) || isMetaImage(bytes)) return 'metaimage';
  return null;
}

/** @throws volume/… */
export function readVolumeFile(bytes: Uint8Array, format: VolumeFile['format'], raw?: Uint8Array): FileContent {
  const volume = readAs(bytes, format, raw);
  const range = valueRange(volume.scalars);
  const modality = looksLikeCt(volume, range.min) ? 'CT' : 'MR';
  const warnings: SeriesWarning[] = [
    {
      code: 'series/modality-guessed',
      message: `The file does not say its modality; its values look like ${modality}. It does not say whose it is either.`,
    },
  ];
  if (volume.geometry.size[2] === 1) {
    warnings.push({
      code: 'series/single-slice',
      message: 'This series has a single image; there is no volume to measure.',
    });
  }
  const { scalars, geometry } = volume;
  const result: VolumeFile = {
    kind: 'volume',
    format,
    geometry,
    scalarType: scalarTypeOf(scalars),
    range,
    modality,
    window: modality === 'CT' ? CT_SOFT_TISSUE : defaultWindow(null, modality, scalars, range),
    warnings,
  };
  return { result, blocks: [new Uint8Array(scalars.buffer, scalars.byteOffset, scalars.byteLength)] };
}

function readAs(bytes: Uint8Array, format: VolumeFile['format'], raw?: Uint8Array): Volume {
  if (format === 'nifti') return readNifti(bytes);
  return format === 'nrrd' ? readNrrd(bytes) : readMetaImage(bytes, raw);
}

/** Air in HU, and whole numbers: no MR or label map has both. */
function looksLikeCt({ scalars }: Volume, minimum: number): boolean {
  if (minimum > -900) return false;
  for (let n = 0; n < scalars.length; n += 97) if (!Number.isInteger(scalars[n])) return false;
  return true;
}
