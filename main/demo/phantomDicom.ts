/**
 * The digital phantom as a CT series in DICOM files: the demonstration study. The same seed gives the same UIDs, so that a
 * second import finds only duplicates.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Phantom, type PhantomOptions, phantomVolume } from '#core/phantom/phantomVolume.ts';
import { derivedUid } from '../export/dicomUid.ts';
import { type DicomDataset, decimalString, writeDicomFile } from '../export/writeDicomFile.ts';
import type { JobContext } from '../jobs/jobs.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
/** Stored value 0 is -1024 HU. */
const INTERCEPT_HU = -1024;

/**
 * @param folder is made if it is not there
 * @param context progress in slices; cancel between two slices
 * @returns the paths of the files, from the feet up
 */
export async function writePhantomDicom(
  folder: string,
  context?: JobContext,
  options: PhantomOptions = {},
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const phantom = phantomVolume(options);
  const slices = phantom.volume.geometry.size[2];
  const files: string[] = [];
  const series = seriesAttributes(options);
  for (let k = 0; k < slices; k++) {
    context?.signal.throwIfAborted();
    const file = join(folder, `ct-${String(k + 1).padStart(3, '0')}.dcm`);
    await writeFile(file, writeDicomFile({ ...series, ...sliceAttributes(phantom, k, options) }, 'OW'));
    files.push(file);
    context?.progress(k + 1, slices, 'slices', 'Writing the demonstration study');
  }
  return files;
}

function uid(kind: string, options: PhantomOptions, part = ''): string {
  return derivedUid('lantern-phantom', kind, JSON.stringify(options), part);
}

function seriesAttributes(options: PhantomOptions): DicomDataset {
  return {
    ImageType: ['DERIVED', 'PRIMARY', 'AXIAL'],
    SOPClassUID: CT_IMAGE_STORAGE,
    StudyDate: '20261125',
    SeriesDate: '20261125',
    AcquisitionDate: '20261125',
    ContentDate: '20261125',
    StudyTime: '090000',
    SeriesTime: '090100',
    AcquisitionTime: '090110',
    ContentTime: '090110',
    AccessionNumber: 'DEMO-0001',
    Modality: 'CT',
    Manufacturer: 'Lantern',
    ManufacturerModelName: 'Digital torso phantom',
    SoftwareVersions: 'phantom 1',
    DeviceSerialNumber: '1',
    InstitutionName: 'Demonstration',
    ReferringPhysicianName: [{ Alphabetic: 'Demonstration^Referrer' }],
    StudyDescription: 'CT thorax and abdomen (demonstration)',
    SeriesDescription: 'Portal venous 2.5 mm',
    DerivationDescription: 'Computed from analytic solids; no patient was imaged',
    PatientName: [{ Alphabetic: 'Demonstration^Phantom' }],
    PatientID: 'LANTERN-DEMO',
    PatientBirthDate: '19700101',
    PatientSex: 'O',
    PatientAge: '056Y',
    BodyPartExamined: 'ABDOMEN',
    KVP: '120',
    ContrastBolusAgent: 'simulated',
    PatientPosition: 'HFS',
    ConvolutionKernel: 'STANDARD',
    StudyInstanceUID: uid('study', options),
    SeriesInstanceUID: uid('series', options),
    StudyID: '1',
    SeriesNumber: '2',
    AcquisitionNumber: '1',
    FrameOfReferenceUID: uid('frame-of-reference', options),
    PositionReferenceIndicator: '',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: '40',
    WindowWidth: '400',
    WindowCenterWidthExplanation: 'ABDOMEN',
    RescaleIntercept: String(INTERCEPT_HU),
    RescaleSlope: '1',
    RescaleType: 'HU',
  };
}

function sliceAttributes({ volume }: Phantom, k: number, options: PhantomOptions): DicomDataset {
  const { size, spacingMm, originLps, direction } = volume.geometry;
  const position = originLps.map((o, axis) => o + k * spacingMm[2] * (direction[2][axis] ?? 0));
  const pixels = size[0] * size[1];
  const stored = Uint16Array.from(volume.scalars.subarray(k * pixels, (k + 1) * pixels), (hu) => hu - INTERCEPT_HU);
  return {
    SOPInstanceUID: uid('instance', options, String(k)),
    InstanceNumber: String(k + 1),
    SliceThickness: decimalString(spacingMm[2]),
    ImagePositionPatient: position.map((mm) => decimalString(Number(mm.toFixed(6)))),
    ImageOrientationPatient: [...direction[0], ...direction[1]].map(decimalString),
    SliceLocation: decimalString(Number((position[2] ?? 0).toFixed(6))),
    Rows: size[1],
    Columns: size[0],
    // Row spacing first: the distance along j. See PS3.3 10.7.1.3.
    PixelSpacing: [decimalString(spacingMm[1]), decimalString(spacingMm[0])],
    PixelData: stored.buffer,
  };
}
