/**
 * A segmentation as DICOM Segmentation (SEG), BINARY: one frame a segment and slice on the series' grid. Written with dcmjs;
 * docs/decisions/0003 says why not with dcmqi. LPS mm. Next: packFrames.ts, sourceSlices.ts, segFunctionalGroups.ts.
 * @see DICOM PS3.3 A.51, C.8.20.2
 */
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { algorithmName, answersInWords } from './answersInWords.ts';
import { dicomCieLab } from './cieLab.ts';
import { newUid } from './dicomUid.ts';
import type { ExportSource } from './exportSource.ts';
import { originRecord } from './originRecord.ts';
import { packFrames } from './packFrames.ts';
import { codeItem, dimensionIndexSequence, frameGroups, sharedGroups } from './segFunctionalGroups.ts';
import { segmentMaking } from './segmentMaking.ts';
import { segmentOrigins } from './segmentOrigins.ts';
import { SOFTWARE_VERSION } from './softwareVersion.ts';
import type { SourceSeries } from './sourceSeries.ts';
import { type DicomSource, dicomSourceOf } from './sourceSlices.ts';
import { type DicomDataset, writeDicomFile } from './writeDicomFile.ts';

const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

/** @throws dicom/damaged */
export function dicomSeg(source: ExportSource, series: SourceSeries, progress: JobContext['progress']): Uint8Array {
  const { layers, segments, geometry, notes } = source;
  progress(0, 3, 'steps', 'Reading the source images');
  const origin = dicomSourceOf(series, geometry, notes);
  progress(1, 3, 'steps', 'Packing the frames');
  const { frames, pixels, segmentsOverlap } = packFrames(layers, segments);
  progress(2, 3, 'steps', 'Writing the file');
  const moved = segments.filter((s, n) => s.number !== n + 1);
  if (moved.length > 0) {
    notes.push(
      `DICOM numbers segments 1, 2, 3 …: ${moved.map((s) => `${s.number} became ${segments.indexOf(s) + 1}`).join(', ')}.`,
    );
  }
  const dimensionOrganization = newUid();
  const now = new Date();
  return writeDicomFile(
    {
      ...origin.attributes,
      ...generalAttributes(source, now),
      ...referencedSeries(origin),
      SegmentsOverlap: segmentsOverlap ? 'YES' : 'NO',
      SegmentSequence: segments.map((s, n) => segmentItem(s, n + 1, source)),
      DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionOrganization }],
      DimensionIndexSequence: dimensionIndexSequence(dimensionOrganization),
      SharedFunctionalGroupsSequence: [sharedGroups(source.geometry)],
      PerFrameFunctionalGroupsSequence: frameGroups(frames, origin),
      Rows: source.geometry.size[1],
      Columns: source.geometry.size[0],
      NumberOfFrames: String(frames.length),
      PixelData: pixels.buffer,
    },
    'OB',
  );
}

function generalAttributes({ detail }: ExportSource, now: Date): DicomDataset {
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  const time = now.toISOString().slice(11, 19).replaceAll(':', '');
  return {
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    Modality: 'SEG',
    SeriesNumber: '900',
    SeriesDescription: shortText(detail.name, 64),
    SeriesDate: date,
    SeriesTime: time,
    TimezoneOffsetFromUTC: '+0000',
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    InstanceNumber: '1',
    ContentDate: date,
    ContentTime: time,
    ContentLabel: 'SEGMENTATION',
    ContentDescription: shortText(detail.name, 64),
    ContentCreatorName: '',
    Manufacturer: 'Lantern',
    ManufacturerModelName: 'Lantern',
    DeviceSerialNumber: '1',
    SoftwareVersions: SOFTWARE_VERSION,
    ContributingEquipmentSequence: [
      {
        PurposeOfReferenceCodeSequence: [codeItem({ value: '109103', scheme: 'DCM', meaning: 'Modifying Equipment' })],
        Manufacturer: 'Lantern',
        ManufacturerModelName: 'Lantern',
        SoftwareVersions: SOFTWARE_VERSION,
        ContributionDateTime: `${date}${time}+0000`,
        ContributionDescription: 'Segmentation',
      },
    ],
    ImageType: ['DERIVED', 'PRIMARY'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    BurnedInAnnotation: 'NO',
    SegmentationType: 'BINARY',
  };
}

function referencedSeries({ images, seriesInstanceUid }: DicomSource): DicomDataset {
  if (images.length === 0) return {};
  return {
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: seriesInstanceUid,
        ReferencedInstanceSequence: images.map(({ sopClassUid, sopInstanceUid }) => ({
          ReferencedSOPClassUID: sopClassUid,
          ReferencedSOPInstanceUID: sopInstanceUid,
        })),
      },
    ],
  };
}

function segmentItem(segment: Segment, number: number, source: ExportSource): DicomDataset {
  const { codes, name, color } = segment;
  const origins = segmentOrigins(segment, source);
  const { algorithmType } = segmentMaking(segment, source.editCodes, origins);
  const algorithm = [...new Set(origins.map(algorithmName))].join(' + ') || 'Lantern';
  const description = [
    segment.number !== number ? `Segment ${segment.number} in Lantern.` : '',
    ...new Set(origins.map(answersInWords)),
  ]
    .filter(Boolean)
    .join(' ');
  return {
    SegmentNumber: number,
    SegmentLabel: shortText(name, 64) || `Segment ${segment.number}`,
    ...(description && { SegmentDescription: shortText(description, 1024) }),
    SegmentAlgorithmType: algorithmType,
    ...(algorithmType !== 'MANUAL' && { SegmentAlgorithmName: shortText(algorithm, 64) }),
    ...(origins.length > 0 && { SegmentationAlgorithmIdentificationSequence: [algorithmIdentification(origins)] }),
    SegmentedPropertyCategoryCodeSequence: [codeItem(codes.category)],
    SegmentedPropertyTypeCodeSequence: [
      {
        ...codeItem(codes.type),
        ...(codes.modifier && { SegmentedPropertyTypeModifierCodeSequence: [codeItem(codes.modifier)] }),
      },
    ],
    RecommendedDisplayCIELabValue: dicomCieLab(color),
  };
}

/** One item is allowed; its parameters hold every origin. @see DICOM PS3.3 10.16, Algorithm Identification Macro */
function algorithmIdentification(origins: readonly Provenance[]): DicomDataset {
  const versions = [...new Set(origins.map(({ modelVersion }) => modelVersion))].join(' + ');
  return {
    AlgorithmFamilyCodeSequence: [codeItem({ value: '123109', scheme: 'DCM', meaning: 'Artificial Intelligence' })],
    AlgorithmName: shortText([...new Set(origins.map(({ modelName }) => modelName))].join(' + '), 64),
    AlgorithmVersion: shortText(versions, 64) || 'unknown',
    AlgorithmParameters: originRecord(origins),
  };
}

/** At most so many characters, without the backslash that parts values. */
function shortText(text: string, most: number): string {
  return [...text.replace(/[\\\p{Cc}]/gu, ' ').trim()].slice(0, most).join('');
}
