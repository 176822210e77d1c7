/** What a segment is, apart from its voxels. */

/** @see DICOM PS3.3 8.8 (code sequences), PS3.16 CID 7150 (segmentation property categories) */
export interface CodedConcept {
  /** "272673000" */
  readonly value: string;
  /** "SCT" */
  readonly scheme: string;
  /** "Bone" */
  readonly meaning: string;
}

export interface SegmentCodes {
  /** Segmented Property Category, e.g. 123037004 SCT "Anatomical Structure". */
  readonly category: CodedConcept;
  /** Segmented Property Type, e.g. 272673000 SCT "Bone". */
  readonly type: CodedConcept;
  /** Laterality and the like; 7771000 SCT "Left". */
  readonly modifier?: CodedConcept | undefined;
}

export type SegmentOrigin = 'manual' | 'model' | 'preset';

export interface Segment {
  /** Stable, 1 … 65535, unique in its segmentation; the value in exported masks, and in the layer's labelmap. */
  readonly number: number;
  readonly name: string;
  /** Which labelmap of the segmentation holds its voxels. */
  readonly layer: number;
  /** "#rrggbb" */
  readonly color: string;
  readonly codes: SegmentCodes;
  /** 0 … 1, of the fill. */
  readonly opacity: number;
  readonly display: 'outline' | 'fill' | 'both';
  readonly visible: boolean;
  readonly locked: boolean;
  readonly origin: SegmentOrigin;
}
