/**
 * The functional groups of a Segmentation: what all frames share (spacing, orientation) and what each has (segment, position, source).
 * LPS mm. @see DICOM PS3.3 C.7.6.16, C.8.20.3
 */
import { cross, dot, normalise } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { CodedConcept } from '#core/segmentation/segment.ts';
import type { SegmentFrame } from './packFrames.ts';
import type { SourceFrame } from './sourceFrames.ts';
import type { DicomSource } from './sourceSlices.ts';
import { type DicomDataset, decimalString } from './writeDicomFile.ts';

export function codeItem({ value, scheme, meaning }: CodedConcept): DicomDataset {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** Frames are ordered by segment, then by position. */
export function dimensionIndexSequence(organizationUid: string): readonly DicomDataset[] {
  return [
    {
      DimensionOrganizationUID: organizationUid,
      DimensionIndexPointer: 0x0062_000b,
      FunctionalGroupPointer: 0x0062_000a,
      DimensionDescriptionLabel: 'ReferencedSegmentNumber',
    },
    {
      DimensionOrganizationUID: organizationUid,
      DimensionIndexPointer: 0x0020_0032,
      FunctionalGroupPointer: 0x0020_9113,
      DimensionDescriptionLabel: 'ImagePositionPatient',
    },
  ];
}

export function sharedGroups({ spacingMm, direction }: VolumeGeometry): DicomDataset {
  // Across the planes: the slices of a tilted gantry are farther apart along their shear.
  const betweenMm = spacingMm[2] * Math.abs(dot(normalise(cross(direction[0], direction[1])), direction[2]));
  return {
    PlaneOrientationSequence: [
      { ImageOrientationPatient: [...direction[0], ...direction[1]].map((x) => decimalString(tidy(x))) },
    ],
    PixelMeasuresSequence: [
      {
        SliceThickness: decimalString(tidy(betweenMm)),
        SpacingBetweenSlices: decimalString(tidy(betweenMm)),
        // Between rows first: along j. See PS3.3 10.7.1.3.
        PixelSpacing: [decimalString(spacingMm[1]), decimalString(spacingMm[0])],
      },
    ],
  };
}

export function frameGroups(frames: readonly SegmentFrame[], origin: DicomSource): DicomDataset[] {
  return frames.map(({ segment, k }) => {
    const source = origin.frameOfSlice(k);
    return {
      ...(source && { DerivationImageSequence: [derivation(source)] }),
      FrameContentSequence: [{ DimensionIndexValues: [segment + 1, k + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: origin.positionOfSlice(k).map((mm) => decimalString(tidy(mm))) }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment + 1 }],
    };
  });
}

function derivation({ sopClassUid, sopInstanceUid, frame }: SourceFrame): DicomDataset {
  return {
    DerivationCodeSequence: [codeItem({ value: '113076', scheme: 'DCM', meaning: 'Segmentation' })],
    SourceImageSequence: [
      {
        ReferencedSOPClassUID: sopClassUid,
        ReferencedSOPInstanceUID: sopInstanceUid,
        ...(frame !== null && { ReferencedFrameNumber: String(frame) }),
        PurposeOfReferenceCodeSequence: [
          codeItem({ value: '121322', scheme: 'DCM', meaning: 'Source image for image processing operation' }),
        ],
      },
    ],
  };
}

/** Without the last digits that only rounding made, and without a minus before zero. */
function tidy(value: number): number {
  return Number(value.toFixed(9)) + 0;
}
