/**
 * Where a prompt lies in a volume: which plane, which slice, which pixels. World is LPS mm; slices lie along the volume's own axes, so an
 * oblique volume is cut as it was acquired. Next: promptSlice.ts, core/rendering/sliceLayout.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import { PLANES, type Plane, planeAxes } from '../geometry/anatomicalAxes.ts';
import type { WorldPoint } from '../geometry/points.ts';
import { type VolumeGeometry, worldToIndex } from '../geometry/volumeGeometry.ts';
import { indexToSlicePixel, type SliceLayout, sliceLayout } from '../rendering/sliceLayout.ts';
import type { SliceBox, SlicePoint, SlicePrompt } from './promptSlice.ts';

export interface WorldPrompt {
  readonly points: readonly { readonly pointLps: WorldPoint; readonly inside: boolean }[];
  readonly boxLps: readonly [WorldPoint, WorldPoint] | null;
  readonly plane: Plane | null;
}

export interface PromptPlace {
  readonly layout: SliceLayout;
  /** The slice of the box, or of the first click inside. */
  readonly index: number;
  readonly prompt: SlicePrompt;
  /** Clicks in other slices of the plane, by slice. */
  readonly elsewhere: ReadonlyMap<number, readonly SlicePoint[]>;
}

/** @throws prompt/empty, prompt/only-outside, prompt/outside-volume, prompt/empty-box, prompt/thick-box, prompt/several-slices */
export function promptPlace(geometry: VolumeGeometry, prompt: WorldPrompt, slices: 'one' | 'all'): PromptPlace {
  const { points, boxLps } = prompt;
  if (points.length === 0 && !boxLps) {
    throw refusal('empty', 'Nothing was pointed at.', 'Click on the structure, or draw a box around it.');
  }
  if (!boxLps && !points.some((p) => p.inside)) {
    throw refusal(
      'only-outside',
      'All clicks say what does not belong to the structure, none what does.',
      'Click on the structure itself, or draw a box around it.',
    );
  }
  const layout = sliceLayout(geometry, prompt.plane ?? planeOf(geometry, boxLps));
  const placed = points.map(({ pointLps, inside }) => ({ at: pixelOf(geometry, layout, pointLps), inside }));
  const box = boxLps && boxOnSlice(geometry, layout, boxLps);
  const index = box?.index ?? placed.find((p) => p.inside)?.at[2] ?? 0;
  const here: SlicePoint[] = [];
  const elsewhere = new Map<number, SlicePoint[]>();
  for (const { at, inside } of placed) {
    const point = { x: at[0], y: at[1], inside };
    if (at[2] === index) here.push(point);
    else elsewhere.set(at[2], [...(elsewhere.get(at[2]) ?? []), point]);
  }
  if (slices === 'one' && elsewhere.size > 0) {
    throw refusal(
      'several-slices',
      'The clicks and the box do not lie in one slice.',
      'Point in one slice, or ask for the structure in all slices.',
    );
  }
  return { layout, index, prompt: { points: here, box: box?.box ?? null }, elsewhere };
}

/** Of the box, if it is flat along one axis; else the one that the series was acquired in: across its thickest axis, axial where all are alike. */
function planeOf(geometry: VolumeGeometry, boxLps: WorldPrompt['boxLps']): Plane {
  const through = (plane: Plane): 0 | 1 | 2 => planeAxes(geometry, plane).through.axis;
  if (boxLps) {
    const a = worldToIndex(geometry, boxLps[0]);
    const b = worldToIndex(geometry, boxLps[1]);
    const flat = PLANES.filter((plane) => Math.abs(a[through(plane)] - b[through(plane)]) < 1);
    if (flat.length === 1 && flat[0]) return flat[0];
  }
  const { spacingMm } = geometry;
  const thickest = Math.max(...spacingMm);
  const isThick = PLANES.filter((plane) => spacingMm[through(plane)] > 0.99 * thickest);
  return isThick.length === 1 && isThick[0] ? isThick[0] : 'axial';
}

/** @returns the nearest slice, and pixel coordinates in it @throws prompt/outside-volume */
function pixelOf(geometry: VolumeGeometry, layout: SliceLayout, point: WorldPoint): readonly [number, number, number] {
  const [x, y, index] = indexToSlicePixel(layout, worldToIndex(geometry, point));
  const isIn = (value: number, count: number): boolean => value >= -0.5 && value <= count - 0.5;
  if (!isIn(x, layout.width) || !isIn(y, layout.height) || !isIn(index, layout.count)) {
    throw refusal(
      'outside-volume',
      'A point lies outside of the series.',
      'Coordinates are LPS millimetres of the patient; the list of series shows where each one lies.',
    );
  }
  const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  return [within(x, layout.width), within(y, layout.height), Math.round(within(index, layout.count))];
}

function boxOnSlice(
  geometry: VolumeGeometry,
  layout: SliceLayout,
  [one, other]: readonly [WorldPoint, WorldPoint],
): { index: number; box: SliceBox } {
  const a = pixelOf(geometry, layout, one);
  const b = pixelOf(geometry, layout, other);
  const [x0, x1] = [Math.round(Math.min(a[0], b[0])), Math.round(Math.max(a[0], b[0]))];
  const [y0, y1] = [Math.round(Math.min(a[1], b[1])), Math.round(Math.max(a[1], b[1]))];
  if (x1 - x0 < 2 || y1 - y0 < 2) {
    throw refusal(
      'empty-box',
      'The box is too small to hold a structure.',
      'Draw it from one corner to the opposite one, in one slice.',
    );
  }
  if (a[2] !== b[2]) {
    throw refusal(
      'thick-box',
      'The corners of the box do not lie in one slice.',
      'Give two opposite corners of a rectangle in one slice.',
    );
  }
  return { index: a[2], box: { x0, y0, x1, y1 } };
}

function refusal(what: string, message: string, hint: string): LanternError {
  return new LanternError(`prompt/${what}`, message, hint);
}
