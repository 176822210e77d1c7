/**
 * Geometry, rescale, window and discriminator of each frame: from the file's top level, or from functional groups.
 * LPS, millimetres. Runs in the reading process.
 * @see DICOM PS3.3 C.7.6.2 and C.7.6.16
 */
import type { PixelDescription } from '../../core/dicom/pixelValues.ts';
import type { SliceHeader } from '../../core/dicom/sliceHeader.ts';
import { cross, length, type Vector3 } from '../../core/geometry/points.ts';
import type { DicomAttributes, Tag } from './DicomAttributes.ts';
import type { FrameInfo } from './readResult.ts';

export type FrameAttributes = Omit<FrameInfo, 'minimum' | 'maximum'>;

/** @returns one entry a frame, or null when the file does not place its frames in the patient */
export function frameAttributes(
  attributes: DicomAttributes,
  description: PixelDescription,
  frames: number,
): FrameAttributes[] | null {
  const perFrame = attributes.items('x52009230');
  if (perFrame.length === 0) {
    if (frames > 1) return null;
    const plane = frameOf([attributes], description, discriminator(attributes));
    return plane ? [plane] : null;
  }
  if (perFrame.length !== frames) return null;
  const shared = attributes.items('x52009229')[0];
  const planes: FrameAttributes[] = [];
  for (const group of perFrame) {
    const scopes = [group, ...(shared ? [shared] : [])].flatMap(macrosOf);
    const plane = frameOf([...scopes, attributes], description, groupDiscriminator(scopes));
    if (!plane) return null;
    planes.push(plane);
  }
  return planes;
}

/** The functional group macros that hold what we need: measures, position, orientation, transformation, VOI, content, echo, diffusion. */
const MACROS: readonly Tag[] = [
  'x00289110',
  'x00209113',
  'x00209116',
  'x00289145',
  'x00289132',
  'x00209111',
  'x00189114',
  'x00189117',
];

function macrosOf(group: DicomAttributes): DicomAttributes[] {
  return MACROS.flatMap((tag) => group.items(tag).slice(0, 1));
}

function frameOf(
  scopes: readonly DicomAttributes[],
  description: PixelDescription,
  discriminatorOfFrame: string,
): FrameAttributes | null {
  const first = (tag: Tag, count: number): number[] | null => {
    for (const scope of scopes) {
      const values = scope.decimals(tag);
      if (values.length >= count && values.every(Number.isFinite)) return values;
    }
    return null;
  };
  const position = first('x00200032', 3);
  const orientation = first('x00200037', 6);
  const spacing = first('x00280030', 2);
  if (!position || !orientation || !spacing) return null;
  const header: SliceHeader = {
    rows: description.rows,
    columns: description.columns,
    positionLps: triple(position, 0),
    rowDirection: triple(orientation, 0),
    columnDirection: triple(orientation, 3),
    pixelSpacingMm: [spacing[0] ?? 0, spacing[1] ?? 0],
    thicknessMm: first('x00180088', 1)?.[0] ?? first('x00180050', 1)?.[0] ?? null,
  };
  if (!isPlane(header)) return null;
  const slope = first('x00281053', 1)?.[0];
  const center = first('x00281050', 1)?.[0];
  const width = first('x00281051', 1)?.[0];
  return {
    header,
    slope: slope === undefined || slope === 0 ? 1 : slope,
    intercept: first('x00281052', 1)?.[0] ?? 0,
    window: center !== undefined && width !== undefined && width > 0 ? { center, width } : null,
    discriminator: discriminatorOfFrame,
  };
}

function triple(values: readonly number[], at: number): Vector3 {
  return [values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0];
}

/** Zero, parallel or far from unit directions and spacings of zero come from broken converters. */
function isPlane({ rowDirection: r, columnDirection: c, pixelSpacingMm }: SliceHeader): boolean {
  const unit = (v: Vector3) => Math.abs(length(v) - 1) < 0.01;
  return unit(r) && unit(c) && length(cross(r, c)) > 0.99 && pixelSpacingMm.every((s) => s > 0);
}

/** What sets images of one series apart although they lie at one place: echo, phase, magnitude or phase, b-value. */
function discriminator(attributes: DicomAttributes): string {
  if (attributes.string('x00080060') !== 'MR') return attributes.string('x00200100');
  return [
    attributes.string('x00180081'),
    attributes.string('x00200100'),
    attributes.strings('x00080008')[2] ?? '',
    attributes.float64('x00189087')?.toString() ?? '',
  ].join('|');
}

function groupDiscriminator(scopes: readonly DicomAttributes[]): string {
  const float = (tag: Tag) => scopes.map((scope) => scope.float64(tag)).find((value) => value !== null) ?? '';
  const long = (tag: Tag) => scopes.map((scope) => scope.uint32(tag)).find((value) => value !== null) ?? '';
  const stack = scopes.map((scope) => scope.string('x00209056')).find((value) => value !== '') ?? '';
  return [float('x00189082'), long('x00209128'), stack, float('x00189087')].join('|');
}
