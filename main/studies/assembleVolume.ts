/**
 * The decoded images of one series to its volume: sorted, in modality values. LPS, millimetres; nothing is resampled.
 * Next: core/dicom/seriesGeometry.ts, core/dicom/modalityValues.ts.
 */
import { defaultWindow, type WindowLevel } from '../../core/dicom/defaultWindow.ts';
import { modalityRange, modalityScalarType, writeModalityValues } from '../../core/dicom/modalityValues.ts';
import type { StoredValues } from '../../core/dicom/pixelValues.ts';
import { type SeriesWarning, seriesGeometry } from '../../core/dicom/seriesGeometry.ts';
import { positionAlong, samePlane, sliceNormal } from '../../core/dicom/sliceHeader.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import { type VolumeGeometry, voxelCount } from '../../core/geometry/volumeGeometry.ts';
import { allocateScalars, type Scalars, type ScalarType, scalarTypeOf } from '../../core/volume/volume.ts';
import type { DicomImage, FrameInfo, StoredType } from '../import/readResult.ts';

export interface DecodedImage {
  readonly image: DicomImage;
  /** Stored values of all frames, little-endian. */
  readonly body: Uint8Array;
}

/** A volume that gives its slices one by one, so that nobody needs all of it in memory a second time. */
export interface SlicedVolume {
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
  /** @returns modality values of slice k; may be a view of the decoded image, not to be written to */
  slice(k: number): Scalars;
  readonly range: { readonly min: number; readonly max: number };
  readonly window: WindowLevel;
  /** "HU" for CT, else "". */
  readonly unit: string;
}

export interface ArrangedVolume extends SlicedVolume {
  readonly warnings: readonly SeriesWarning[];
  /** Of each image: its place along the slice normal in mm; null when none of its frames is in the volume. */
  readonly positions: readonly (number | null)[];
}

interface Frame {
  readonly image: number;
  readonly info: FrameInfo;
  readonly stored: StoredValues;
}

/** Enough to place a window by percentiles. */
const WINDOW_SAMPLES = 1_000_000;

/**
 * Sorts the images into slices; nothing is copied.
 * @param images at least one, of one modality
 * @throws geometry/…
 */
export function arrangeVolume(images: readonly DecodedImage[]): ArrangedVolume {
  const all = byInstanceNumber(images).flatMap((index) => framesOf(images[index], index));
  const frames = largestStack(all);
  const { geometry, order, warnings: geometryWarnings } = seriesGeometry(frames.map((frame) => frame.info.header));
  const slices = order.flatMap((n) => frames[n] ?? []);
  const infos = slices.map((slice) => slice.info);
  const scalarType = modalityScalarType(infos);
  const range = modalityRange(infos);
  const modality = images[0]?.image.series.modality ?? '';
  const middle = infos[Math.floor(infos.length / 2)];
  return {
    geometry,
    scalarType,
    slice: (k) => modalityValues(slices[k], scalarType),
    range,
    window: defaultWindow(middle?.window ?? null, modality, () => samplesOf(slices, scalarType), range),
    unit: modality === 'CT' ? 'HU' : '',
    warnings: [
      ...geometryWarnings,
      ...leftOut(all.length - frames.length),
      ...distinct(images.flatMap(({ image }) => image.warnings)),
    ],
    positions: positionsOf(images.length, slices),
  };
}

/**
 * @param volume as {@link arrangeVolume} gives it
 * @returns all its slices in one array
 * @throws volume/too-large
 */
export function assembleScalars({ geometry, scalarType, slice }: SlicedVolume): Scalars {
  const scalars = allocated(scalarType, voxelCount(geometry));
  const perSlice = geometry.size[0] * geometry.size[1];
  for (let k = 0; k < geometry.size[2]; k++) scalars.set(slice(k), k * perSlice);
  return scalars;
}

function modalityValues(frame: Frame | undefined, scalarType: ScalarType): Scalars {
  if (!frame) throw new Error('there is no such slice');
  const { stored, info } = frame;
  const isSame = info.slope === 1 && info.intercept === 0 && !(stored instanceof Uint32Array);
  if (isSame && scalarTypeOf(stored) === scalarType) return stored;
  const values = allocateScalars(scalarType, stored.length);
  writeModalityValues(stored, info, values, 0);
  return values;
}

/** Every so manieth value of the whole stack. */
function samplesOf(slices: readonly Frame[], scalarType: ScalarType): Scalars {
  const perSlice = slices[0]?.stored.length ?? 0;
  const total = perSlice * slices.length;
  // An odd stride walks over rows and columns alike.
  const stride = Math.max(1, Math.floor(total / WINDOW_SAMPLES)) | 1;
  const samples = allocateScalars(scalarType, Math.ceil(total / stride));
  for (let n = 0; n < samples.length; n++) {
    const k = Math.floor((n * stride) / perSlice);
    const { stored, info } = slices[k]!;
    samples[n] = stored[n * stride - k * perSlice]! * info.slope + info.intercept;
  }
  return samples;
}

/** Ties of position are shown in the order in which they were made. */
function byInstanceNumber(images: readonly DecodedImage[]): number[] {
  const number = (index: number) => images[index]?.image.instanceNumber ?? Number.POSITIVE_INFINITY;
  return images.map((_, index) => index).sort((a, b) => (number(a) === number(b) ? a - b : number(a) - number(b)));
}

function framesOf(decoded: DecodedImage | undefined, image: number): Frame[] {
  if (!decoded) return [];
  let offset = decoded.body.byteOffset;
  return decoded.image.frames.map((info) => {
    const stored = storedView(decoded.image.storedType, decoded.body, offset, info.header.rows * info.header.columns);
    offset += stored.byteLength;
    return { image, info, stored };
  });
}

const VIEWS: Readonly<
  Record<StoredType, new (buffer: ArrayBufferLike, offset: number, length: number) => StoredValues>
> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
};

function storedView(type: StoredType, body: Uint8Array, offset: number, count: number): StoredValues {
  return new VIEWS[type](body.buffer, offset, count);
}

/** Frames of one file may be of several orientations or echoes; a volume holds one. */
function largestStack(frames: readonly Frame[]): Frame[] {
  const stacks: Frame[][] = [];
  for (const frame of frames) {
    const stack = stacks.find(([first]) => first && sameStack(first.info, frame.info));
    if (stack) stack.push(frame);
    else stacks.push([frame]);
  }
  return stacks.reduce((a, b) => (b.length > a.length ? b : a), []);
}

export function sameStack(a: FrameInfo, b: FrameInfo): boolean {
  return a.discriminator === b.discriminator && samePlane(a.header, b.header);
}

function leftOut(count: number): SeriesWarning[] {
  if (count === 0) return [];
  return [
    {
      code: 'series/other-frames',
      message: `${count} of the images in this file belong to another stack (orientation, echo or phase) and are not shown.`,
    },
  ];
}

function distinct(warnings: readonly SeriesWarning[]): SeriesWarning[] {
  return [...new Map(warnings.map((warning) => [warning.code, warning])).values()];
}

function positionsOf(count: number, slices: readonly Frame[]): (number | null)[] {
  const positions: (number | null)[] = Array.from({ length: count }, () => null);
  const first = slices[0];
  if (!first) return positions;
  const normal = sliceNormal(first.info.header);
  for (const { image, info } of slices) positions[image] ??= positionAlong(normal, info.header);
  return positions;
}

function allocated(type: ScalarType, count: number): Scalars {
  try {
    return allocateScalars(type, count);
  } catch (error) {
    throw new LanternError(
      'volume/too-large',
      'This series does not fit into the memory of this computer.',
      'Close other programs, or import a part of the series.',
      { cause: error },
    );
  }
}
