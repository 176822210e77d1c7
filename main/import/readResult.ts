/**
 * What the reading process says about one file. Plain data: it crosses as JSON, the values as one binary block after it.
 * Next: readFile.ts (in the child), FileReaders.ts (in the host).
 */
import type { SeriesWarning } from '../../core/dicom/seriesGeometry.ts';
import type { SliceHeader } from '../../core/dicom/sliceHeader.ts';
import type { VolumeGeometry } from '../../core/geometry/volumeGeometry.ts';
import type { ScalarType } from '../../core/volume/volume.ts';

export interface IgnoredFile {
  readonly kind: 'ignored';
  readonly reason: string;
}

export interface FailedFile {
  readonly kind: 'failed';
  readonly reason: string;
}

export interface PatientAttributes {
  readonly name: string;
  readonly id: string;
  readonly issuer: string;
  /** YYYY-MM-DD, or empty. */
  readonly birthDate: string;
  readonly sex: string;
}

export interface StudyAttributes {
  readonly instanceUid: string;
  readonly id: string;
  readonly accessionNumber: string;
  readonly date: string;
  readonly time: string;
  readonly description: string;
  readonly referringPhysician: string;
}

export interface SeriesAttributes {
  readonly instanceUid: string;
  readonly modality: string;
  readonly number: number | null;
  readonly description: string;
  readonly bodyPart: string;
  readonly frameOfReferenceUid: string;
  /** What exports copy, by DICOM keyword. */
  readonly copied: Readonly<Record<string, string>>;
}

export type StoredType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32';

/** One image plane: of a single-frame file the only one. */
export interface FrameInfo {
  readonly header: SliceHeader;
  readonly slope: number;
  readonly intercept: number;
  /** Range of the stored values. */
  readonly minimum: number;
  readonly maximum: number;
  readonly window: { readonly center: number; readonly width: number } | null;
  /** Frames of different echoes, b-values, phases, … never share a volume. */
  readonly discriminator: string;
}

/** A DICOM image. The binary block holds its frames' stored values one after the other, little-endian. */
export interface DicomImage {
  readonly kind: 'dicom';
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: number | null;
  readonly patient: PatientAttributes;
  readonly study: StudyAttributes;
  readonly series: SeriesAttributes;
  readonly storedType: StoredType;
  readonly frames: readonly FrameInfo[];
  readonly warnings: readonly SeriesWarning[];
}

/** A whole volume from one file. The binary block holds its scalars, i fastest. */
export interface VolumeFile {
  readonly kind: 'volume';
  readonly format: 'nifti' | 'nrrd' | 'metaimage';
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
  readonly range: { readonly min: number; readonly max: number };
  readonly modality: string;
  readonly window: { readonly center: number; readonly width: number };
  readonly warnings: readonly SeriesWarning[];
}

export type ReadResult = IgnoredFile | FailedFile | DicomImage | VolumeFile;
