/**
 * From the headers of a stack of parallel images to one volume geometry, and to what is irregular about it.
 * Sorted by the projection on the slice normal, never by instance number. LPS, millimetres; nothing is resampled.
 */
import { cross, dot, length, normalise, type Vector3, worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { positionAlong, type SliceHeader, sliceNormal } from './sliceHeader.ts';

export interface SeriesWarning {
  readonly code: string;
  readonly message: string;
}

export interface SeriesGeometry {
  readonly geometry: VolumeGeometry;
  /** Indices into the input, in the order of k. */
  readonly order: readonly number[];
  /** Indices of images at a position that another one already fills; they are in no slice of the volume. */
  readonly duplicates: readonly number[];
  readonly warnings: readonly SeriesWarning[];
}

/** Two images nearer than this are at the same position. */
const SAME_POSITION_MM = 1e-3;

/**
 * @param slices at least one; all with {@link samePlane} of the first
 * @see DICOM PS3.3 C.7.6.2.1.1
 */
export function seriesGeometry(slices: readonly SliceHeader[]): SeriesGeometry {
  const first = slices[0];
  if (!first) throw new Error('a stack without images');
  const normal = sliceNormal(first);
  const sorted = slices
    .map((slice, index) => ({ index, at: positionAlong(normal, slice) }))
    .sort((a, b) => a.at - b.at || a.index - b.index);
  const kept: { index: number; at: number }[] = [];
  const duplicates: number[] = [];
  for (const slice of sorted) {
    const last = kept.at(-1);
    if (last && slice.at - last.at < SAME_POSITION_MM) duplicates.push(slice.index);
    else kept.push(slice);
  }
  const bottom = slices[kept[0]?.index ?? 0] ?? first;
  const top = slices[kept.at(-1)?.index ?? 0] ?? first;
  const steps = kept.slice(1).map((slice, n) => slice.at - (kept[n]?.at ?? 0));
  const axis = stackAxis(bottom, top, normal, steps);
  const geometry: VolumeGeometry = {
    size: [first.columns, first.rows, kept.length],
    spacingMm: [first.pixelSpacingMm[1], first.pixelSpacingMm[0], axis.stepMm ?? thicknessOf(first)],
    originLps: worldPoint(...bottom.positionLps),
    direction: [normalise(first.rowDirection), normalise(first.columnDirection), axis.direction],
  };
  const warnings = [
    ...duplicateWarning(duplicates.length),
    ...stepWarnings(
      steps,
      kept.map((slice) => slice.at),
    ),
    ...tiltWarning(axis.direction, normal),
    ...driftWarning(
      kept.map(({ index }) => slices[index] ?? first),
      axis.direction,
      normal,
    ),
    ...singleWarning(kept.length),
  ];
  return { geometry, order: kept.map((slice) => slice.index), duplicates, warnings };
}

/** The step is the mean; where slices are missing it is the usual one, so that the slices on either side keep their distances. */
function stackAxis(
  bottom: SliceHeader,
  top: SliceHeader,
  normal: Vector3,
  steps: readonly number[],
): { direction: Vector3; stepMm: number | null } {
  if (steps.length === 0) return { direction: normal, stepMm: null };
  const [a, b] = [bottom.positionLps, top.positionLps];
  const along: Vector3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  // A tilt below what a file's decimals can state is noise: keep the exact normal.
  const straight = length(cross(normalise(along), normal)) < 1e-4;
  const direction = straight ? normal : normalise(along);
  const perNormal = dot(direction, normal);
  const mean = dot(along, normal) / steps.length;
  const step = missingSlices(steps).length > 0 ? median(steps) : mean;
  return { direction, stepMm: step / perNormal };
}

function thicknessOf(slice: SliceHeader): number {
  return slice.thicknessMm !== null && slice.thicknessMm > 0 ? slice.thicknessMm : 1;
}

function duplicateWarning(count: number): SeriesWarning[] {
  if (count === 0) return [];
  const what = count === 1 ? 'One image lies' : `${count} images lie`;
  return [
    {
      code: 'series/duplicate-positions',
      message: `${what} at a position that another image already fills; the first at each position is shown.`,
    },
  ];
}

interface Gap {
  /** The gap lies between slices n and n + 1. */
  readonly n: number;
  readonly missing: number;
}

function stepTolerance(usual: number): number {
  return Math.max(0.01, usual * 1e-3);
}

/** @returns the gaps, if whole slices are missing from an otherwise regular stack; else nothing */
function missingSlices(steps: readonly number[]): Gap[] {
  if (steps.length < 2) return [];
  const usual = median(steps);
  const tolerance = stepTolerance(usual);
  const gaps: Gap[] = [];
  for (const [n, step] of steps.entries()) {
    if (Math.abs(step - usual) <= tolerance) continue;
    const missing = Math.round(step / usual) - 1;
    if (missing < 1 || Math.abs(step - usual * (missing + 1)) > 2 * tolerance) return [];
    gaps.push({ n, missing });
  }
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  return missing <= steps.length ? gaps : [];
}

/** Names where slices are missing when the other steps agree; otherwise says how the steps vary. */
function stepWarnings(steps: readonly number[], positions: readonly number[]): SeriesWarning[] {
  if (steps.length < 2) return [];
  const usual = median(steps);
  const gaps = missingSlices(steps);
  const [gap] = gaps;
  if (gap) {
    const places = gaps.flatMap(({ n, missing }) =>
      Array.from({ length: missing }, (_, m) => (positions[n] ?? 0) + usual * (m + 1)),
    );
    const shown = places.slice(0, 8).map((at) => at.toFixed(1));
    const more = places.length > shown.length ? ` and ${places.length - shown.length} more` : '';
    return [
      {
        code: 'series/missing-slice',
        message:
          places.length === 1
            ? `One slice is missing at ${shown[0]} mm along the stack, between slices ${gap.n + 1} and ${gap.n + 2}. Lengths and volumes across it are wrong.`
            : `${places.length} slices are missing, at ${shown.join(', ')}${more} mm along the stack. Lengths and volumes across them are wrong.`,
      },
    ];
  }
  if (steps.every((step) => Math.abs(step - usual) <= stepTolerance(usual))) return [];
  return [
    {
      code: 'series/varying-spacing',
      message: `The distance between slices varies from ${Math.min(...steps).toFixed(2)} to ${Math.max(...steps).toFixed(2)} mm. Lengths and volumes along the stack are approximate.`,
    },
  ];
}

function tiltWarning(axis: Vector3, normal: Vector3): SeriesWarning[] {
  const degrees = (Math.acos(Math.min(1, Math.abs(dot(axis, normal)))) * 180) / Math.PI;
  if (degrees < 0.1) return [];
  return [
    {
      code: 'series/gantry-tilt',
      message: `The stack is sheared by ${degrees.toFixed(1)}° (gantry tilt); it is shown as it was acquired, not straightened.`,
    },
  ];
}

/** Slices that do not lie on one line: no single shear describes them. */
function driftWarning(slices: readonly SliceHeader[], axis: Vector3, normal: Vector3): SeriesWarning[] {
  const first = slices[0];
  if (!first) return [];
  const limit = Math.max(0.05, 0.1 * Math.min(...first.pixelSpacingMm));
  const perNormal = dot(axis, normal) || 1;
  for (const slice of slices) {
    const d: Vector3 = [
      slice.positionLps[0] - first.positionLps[0],
      slice.positionLps[1] - first.positionLps[1],
      slice.positionLps[2] - first.positionLps[2],
    ];
    const t = dot(d, normal) / perNormal;
    if (length([d[0] - axis[0] * t, d[1] - axis[1] * t, d[2] - axis[2] * t]) > limit) {
      return [
        {
          code: 'series/shifted-slices',
          message: 'Some slices are shifted sideways against the others; positions in them are approximate.',
        },
      ];
    }
  }
  return [];
}

function singleWarning(count: number): SeriesWarning[] {
  return count > 1
    ? []
    : [{ code: 'series/single-slice', message: 'This series has a single image; there is no volume to measure.' }];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
