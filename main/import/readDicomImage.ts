/**
 * One DICOM file to the image in it, or the reason why there is none. Runs in the reading process.
 * Next: frameInfo.ts (geometry and rescale of each frame), decodeFrames.ts.
 */
import { isoDate, isoTime } from '../../core/dicom/dates.ts';
import { checkedPixelDescription, type PixelDescription, type StoredValues } from '../../core/dicom/pixelValues.ts';
import type { SeriesWarning } from '../../core/dicom/seriesGeometry.ts';
import { reasonNotAnImage } from '../../core/dicom/sopClasses.ts';
import { transferSyntax } from '../../core/dicom/transferSyntaxes.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import { DicomAttributes, type Tag } from './DicomAttributes.ts';
import { decodeFrames } from './decodeFrames.ts';
import { type FrameAttributes, frameAttributes } from './frameAttributes.ts';
import { parseDicomFile } from './parseDicomFile.ts';
import type {
  DicomImage,
  FailedFile,
  IgnoredFile,
  PatientAttributes,
  SeriesAttributes,
  StoredType,
  StudyAttributes,
} from './readResult.ts';
import { storedRange16 } from './simdPixels.ts';

/** More than this many decoded bytes in one file do not fit beside everything else in memory. */
const MAXIMUM_DECODED = 2 ** 31 - 1;

export interface ReadImage {
  readonly result: DicomImage | IgnoredFile | FailedFile;
  readonly values: readonly StoredValues[];
}

/** @throws dicom/… for damaged files */
export async function readDicomImage(bytes: Uint8Array): Promise<ReadImage> {
  const { dataSet, transferSyntaxUid } = parseDicomFile(bytes);
  const attributes = new DicomAttributes(dataSet);
  const ignored = reasonToIgnore(attributes);
  if (ignored !== null) return { result: { kind: 'ignored', reason: ignored }, values: [] };
  const identity = ['x00080018', 'x0020000d', 'x0020000e'] as const;
  if (identity.some((tag) => attributes.string(tag) === '')) {
    return failed('It does not say to which study and series it belongs.');
  }
  const description = checkedPixelDescription(pixelDescription(attributes));
  const count = Math.max(1, attributes.decimal('x00280008') ?? 1);
  const planes = frameAttributes(attributes, description, count);
  if (planes === null) {
    return { result: { kind: 'ignored', reason: 'The image does not say where in the patient it lies.' }, values: [] };
  }
  if (description.rows * description.columns * (description.bitsAllocated / 8) * count > MAXIMUM_DECODED) {
    return failed('The image is too large for this computer (more than 2 GB in one file).');
  }
  const values = await decodeFrames(dataSet, transferSyntaxUid, description, count);
  return { result: describe(attributes, transferSyntaxUid, description, planes, values), values };
}

function failed(reason: string): ReadImage {
  return { result: { kind: 'failed', reason }, values: [] };
}

function reasonToIgnore(attributes: DicomAttributes): string | null {
  const sopClass = attributes.string('x00080016') || attributes.string('x00020002');
  if (attributes.has('x00041220')) return reasonNotAnImage('1.2.840.10008.1.3.10');
  const reason = reasonNotAnImage(sopClass);
  if (reason !== null) return reason;
  if (!attributes.has('x00280010')) return 'There is no image in this file.';
  const photometric = attributes.string('x00280004');
  if ((attributes.uint16('x00280002') ?? 1) > 1 || photometric === 'PALETTE COLOR') {
    return 'Colour images are not read yet.';
  }
  if (attributes.strings('x00080008').includes('MOSAIC')) return 'Siemens mosaic images are not read yet.';
  if (attributes.has('x7fe00008') || attributes.has('x7fe00009'))
    return 'Floating-point DICOM images are not read yet.';
  return null;
}

function pixelDescription(attributes: DicomAttributes): PixelDescription {
  const bitsAllocated = attributes.uint16('x00280100') ?? 0;
  const bitsStored = attributes.uint16('x00280101') ?? bitsAllocated;
  return {
    rows: attributes.uint16('x00280010') ?? 0,
    columns: attributes.uint16('x00280011') ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: attributes.uint16('x00280102') ?? bitsStored - 1,
    signed: attributes.uint16('x00280103') === 1,
  };
}

function describe(
  attributes: DicomAttributes,
  transferSyntaxUid: string,
  description: PixelDescription,
  planes: readonly FrameAttributes[],
  values: readonly StoredValues[],
): DicomImage {
  const frames = planes.map((plane, n) => {
    const stored = values[n];
    if (!stored) throw new LanternError('dicom/damaged-pixels', 'A frame is missing.', 'Copy the file again.');
    return { ...plane, ...storedRange16(stored) };
  });
  return {
    kind: 'dicom',
    sopInstanceUid: attributes.string('x00080018'),
    sopClassUid: attributes.string('x00080016'),
    transferSyntaxUid,
    instanceNumber: attributes.decimal('x00200013'),
    patient: patientOf(attributes),
    study: studyOf(attributes),
    series: seriesOf(attributes),
    storedType: storedType(description),
    frames,
    warnings: warningsOf(attributes, transferSyntaxUid),
  };
}

function storedType({ bitsAllocated, signed }: PixelDescription): StoredType {
  return `${signed ? '' : 'u'}int${bitsAllocated as 8 | 16 | 32}`;
}

function patientOf(attributes: DicomAttributes): PatientAttributes {
  return {
    name: attributes.text('x00100010'),
    id: attributes.text('x00100020'),
    issuer: attributes.text('x00100021'),
    birthDate: isoDate(attributes.string('x00100030')),
    sex: attributes.string('x00100040'),
  };
}

function studyOf(attributes: DicomAttributes): StudyAttributes {
  return {
    instanceUid: attributes.string('x0020000d'),
    id: attributes.text('x00200010'),
    accessionNumber: attributes.text('x00080050'),
    date: isoDate(attributes.string('x00080020')),
    time: isoTime(attributes.string('x00080030')),
    description: attributes.text('x00081030'),
    referringPhysician: attributes.text('x00080090'),
  };
}

/** Keywords that exports copy into objects they write about this series. */
const COPIED: Readonly<Record<string, Tag>> = {
  PatientAge: 'x00101010',
  PatientSize: 'x00101020',
  PatientWeight: 'x00101030',
  Manufacturer: 'x00080070',
  InstitutionName: 'x00080080',
  StationName: 'x00081010',
  ManufacturerModelName: 'x00081090',
  DeviceSerialNumber: 'x00181000',
  SoftwareVersions: 'x00181020',
  ProtocolName: 'x00181030',
  PatientPosition: 'x00185100',
  SeriesDate: 'x00080021',
  SeriesTime: 'x00080031',
  PositionReferenceIndicator: 'x00201040',
  Laterality: 'x00200060',
  Units: 'x00541001',
};

function seriesOf(attributes: DicomAttributes): SeriesAttributes {
  const copied: Record<string, string> = {};
  for (const [keyword, tag] of Object.entries(COPIED)) {
    const value = attributes.text(tag);
    if (value !== '') copied[keyword] = value;
  }
  return {
    instanceUid: attributes.string('x0020000e'),
    modality: attributes.string('x00080060') || 'OT',
    number: attributes.decimal('x00200011'),
    description: attributes.text('x0008103e'),
    bodyPart: attributes.string('x00180015'),
    frameOfReferenceUid: attributes.string('x00200052'),
    copied,
  };
}

function warningsOf(attributes: DicomAttributes, transferSyntaxUid: string): SeriesWarning[] {
  const warnings: SeriesWarning[] = [];
  const syntax = transferSyntax(transferSyntaxUid);
  if (syntax.lossy || attributes.string('x00282110') === '01') {
    warnings.push({
      code: 'series/lossy-compression',
      message: `The images were compressed with loss${syntax.lossy ? ` (${syntax.name})` : ''}; values and edges are approximate.`,
    });
  }
  if (attributes.string('x00280004') === 'MONOCHROME1') {
    warnings.push({
      code: 'series/inverted',
      message: 'The file asks for an inverted display (MONOCHROME1); the values are shown as stored.',
    });
  }
  if (attributes.items('x00283000').length > 0) {
    warnings.push({
      code: 'series/modality-table',
      message: 'The file has a modality lookup table, which is not applied; values are as stored.',
    });
  }
  return warnings;
}
