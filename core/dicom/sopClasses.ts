/**
 * What kind of object a DICOM file is, and why some kinds are not taken in as images.
 * @see DICOM PS3.4 table B.5-1
 */

const ROOT = '1.2.840.10008.5.1.4.1.1.';

/** The sentence a person reads beside a file that was left out. Matched by the longest prefix. */
const NOT_IMAGES: readonly (readonly [prefix: string, reason: string])[] = [
  ['1.2.840.10008.1.3.10', 'A DICOMDIR is only a table of contents; its files are read one by one.'],
  [`${ROOT}481.2`, 'RT dose grids are not read yet.'],
  [`${ROOT}481.3`, 'RT structure sets are not read yet.'],
  [`${ROOT}481`, 'RT plans and treatment records are not read yet.'],
  [`${ROOT}66.1`, 'Spatial registrations are not read yet.'],
  [`${ROOT}66.4`, 'DICOM segmentations are not read yet.'],
  [`${ROOT}66.5`, 'DICOM surface segmentations are not read yet.'],
  [`${ROOT}66.7`, 'DICOM label map segmentations are not read yet.'],
  [`${ROOT}66`, 'This kind of derived object is not read yet.'],
  [`${ROOT}67`, 'Real world value maps are not read yet.'],
  [`${ROOT}88`, 'Structured reports are not read yet.'],
  [`${ROOT}104`, 'Embedded documents are not read yet.'],
  [`${ROOT}11`, 'Presentation states are not read yet.'],
  [`${ROOT}9`, 'Waveforms are not read.'],
  [`${ROOT}7`, 'Secondary captures have no position in the patient and are not read.'],
  [`${ROOT}6`, 'Ultrasound images are not read yet.'],
  [`${ROOT}3`, 'Ultrasound clips are not read yet.'],
  [`${ROOT}77.1`, 'Photographs and microscopy are not read.'],
];

/**
 * @returns why an object of this class is left out, or null when it is an image that can be tried
 */
export function reasonNotAnImage(sopClassUid: string): string | null {
  let best: readonly [string, string] | undefined;
  for (const entry of NOT_IMAGES) {
    const [prefix] = entry;
    const matches = sopClassUid === prefix || sopClassUid.startsWith(`${prefix}.`);
    if (matches && prefix.length > (best?.[0].length ?? 0)) best = entry;
  }
  return best?.[1] ?? null;
}
