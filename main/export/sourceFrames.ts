/** The planes of a series' images, file by file and frame by frame, as they lie in the volume. LPS mm. */
import { cross, dot, type Vector3 } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { DicomAttributes } from '../import/DicomAttributes.ts';

export interface SourceImage {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

export interface SourceFrame extends SourceImage {
  /** From 1; null in a file of one image. */
  readonly frame: number | null;
  /** Centre of the first pixel as the file states it; null where it does not. */
  readonly positionLps: Vector3 | null;
}

/**
 * @param headers in the order of the volume's slices
 * @returns one frame a slice, or null where frames and slices do not answer to each other
 */
export function sourceFrames(headers: readonly DicomAttributes[], geometry: VolumeGeometry): SourceFrame[] | null {
  const frames = headers.flatMap(framesOf);
  if (frames.length !== geometry.size[2]) return null;
  // Files come sorted; the frames of one file may be stored in any order.
  if (frames.every(({ frame }) => frame === null)) return frames;
  const [i, j, k] = geometry.direction;
  const normal = cross(i, j);
  const upwards = Math.sign(dot(normal, k));
  const placed = frames.flatMap((frame) =>
    frame.positionLps ? [{ frame, along: upwards * dot(normal, frame.positionLps) }] : [],
  );
  if (placed.length !== frames.length) return null;
  return placed.sort((a, b) => a.along - b.along).map(({ frame }) => frame);
}

/** @see DICOM PS3.3 C.7.6.16 for multi-frame images; without functional groups no frame has a place of its own */
function framesOf(header: DicomAttributes): SourceFrame[] {
  const image = { sopClassUid: header.string('x00080016'), sopInstanceUid: header.string('x00080018') };
  const perFrame = header.items('x52009230');
  if (perFrame.length === 0) {
    const count = header.decimal('x00280008') ?? 1;
    return count > 1 ? [] : [{ ...image, frame: null, positionLps: positionOf(header) }];
  }
  const shared = header.items('x52009229')[0]?.items('x00209113')[0];
  return perFrame.map((group, n) => {
    const plane = group.items('x00209113')[0] ?? shared;
    return { ...image, frame: n + 1, positionLps: plane ? positionOf(plane) : null };
  });
}

function positionOf(attributes: DicomAttributes): Vector3 | null {
  const [x, y, z] = attributes.decimals('x00200032');
  const isPlace = [x, y, z].every((mm) => mm !== undefined && Number.isFinite(mm));
  return isPlace ? [x!, y!, z!] : null;
}
