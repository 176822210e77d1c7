/** What a derived DICOM object copies from its source: patient, study, frame of reference, and the images it refers to. */
import type { Vector3 } from '#core/geometry/points.ts';
import { indexPoint } from '#core/geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { DicomAttributes, type Tag } from '../import/DicomAttributes.ts';
import { parseDicomFile } from '../import/parseDicomFile.ts';
import { derivedUid } from './dicomUid.ts';
import { type SourceFrame, type SourceImage, sourceFrames } from './sourceFrames.ts';
import type { SourceSeries } from './sourceSeries.ts';
import type { DicomDataset } from './writeDicomFile.ts';

export interface DicomSource {
  /** Patient, study and frame of reference attributes by keyword. */
  readonly attributes: DicomDataset;
  readonly seriesInstanceUid: string;
  /** All images of the series; empty when it did not come as DICOM. */
  readonly images: readonly SourceImage[];
  /** Image or frame of each slice k, null where the series is not one of them a slice. */
  readonly frameOfSlice: (k: number) => SourceFrame | null;
  /** Centre of the first pixel of each slice, LPS mm: as the image states it, so that it holds for irregular series too. */
  readonly positionOfSlice: (k: number) => Vector3;
}

const COPIED: readonly (readonly [keyword: string, tag: Tag])[] = [
  ['PatientID', 'x00100020'],
  ['IssuerOfPatientID', 'x00100021'],
  ['PatientBirthDate', 'x00100030'],
  ['PatientSex', 'x00100040'],
  ['PatientAge', 'x00101010'],
  ['StudyInstanceUID', 'x0020000d'],
  ['StudyDate', 'x00080020'],
  ['StudyTime', 'x00080030'],
  ['AccessionNumber', 'x00080050'],
  ['StudyID', 'x00200010'],
  ['StudyDescription', 'x00081030'],
  ['FrameOfReferenceUID', 'x00200052'],
  ['PositionReferenceIndicator', 'x00201040'],
];
/** Must be there, if need be empty. @see DICOM PS3.3 C.7.1.1, C.7.2.1, C.7.4.1 */
const EMPTY_ALLOWED: DicomDataset = {
  PatientID: '',
  PatientBirthDate: '',
  PatientSex: '',
  StudyDate: '',
  StudyTime: '',
  AccessionNumber: '',
  StudyID: '',
  ReferringPhysicianName: '',
  PositionReferenceIndicator: '',
};

/**
 * @param notes gets a sentence where the file lacks what a person may expect
 * @throws dicom/damaged
 */
export function dicomSourceOf(series: SourceSeries, geometry: VolumeGeometry, notes: string[]): DicomSource {
  const frameOfReference = derivedUid('frame-of-reference', series.studyInstanceUid, series.seriesInstanceUid);
  const ofGeometry = (k: number): Vector3 => indexToWorld(geometry, indexPoint(0, 0, k));
  if (!series.dicomFiles) {
    notes.push(
      'The series did not come as DICOM: the file names no source images and has a frame of reference of its own.',
    );
    return {
      attributes: {
        ...EMPTY_ALLOWED,
        PatientName: personName(series.patientName),
        PatientID: series.patientId,
        StudyInstanceUID: series.studyInstanceUid,
        FrameOfReferenceUID: frameOfReference,
      },
      seriesInstanceUid: series.seriesInstanceUid,
      images: [],
      frameOfSlice: () => null,
      positionOfSlice: ofGeometry,
    };
  }
  const headers = series.dicomFiles.map((bytes) => new DicomAttributes(parseDicomFile(bytes).dataSet));
  const frames = sourceFrames(headers, geometry);
  if (!frames) {
    notes.push('The images of the series do not answer to slices one by one: frames of the file name no source image.');
  }
  const first = headers[0];
  if (first?.string('x00200052') === '') {
    notes.push('The source has no frame of reference; the file has one made from the study and series.');
  }
  return {
    attributes: {
      ...EMPTY_ALLOWED,
      FrameOfReferenceUID: frameOfReference,
      PatientName: personName(first?.text('x00100010') ?? ''),
      ReferringPhysicianName: personName(first?.text('x00080090') ?? ''),
      ...Object.fromEntries(
        COPIED.map(([keyword, tag]) => [keyword, first?.text(tag) ?? '']).filter(([, value]) => value !== ''),
      ),
    },
    seriesInstanceUid: first?.string('x0020000e') || series.seriesInstanceUid,
    images: headers.map((header) => ({
      sopClassUid: header.string('x00080016'),
      sopInstanceUid: header.string('x00080018'),
    })),
    frameOfSlice: (k) => frames?.[k] ?? null,
    positionOfSlice: (k) => frames?.[k]?.positionLps ?? ofGeometry(k),
  };
}

/** "Alphabetic=Ideographic=Phonetic". @see DICOM PS3.5 6.2 (PN) */
function personName(text: string): unknown {
  const [alphabetic = '', ideographic, phonetic] = text.split('=');
  if (text === '') return '';
  return [
    {
      Alphabetic: alphabetic,
      ...(ideographic && { Ideographic: ideographic }),
      ...(phonetic && { Phonetic: phonetic }),
    },
  ];
}
