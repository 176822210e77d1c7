/**
 * What preprocessing did, step by step, so that postprocessing can walk it backwards and a reader of an export can see it.
 * Every record is plain data (it goes into the provenance). Index conventions: 0 = voxel centre, axes i, j, k.
 * Next: preprocess.ts (writes it), labelWriter.ts (walks it back).
 */
import type { Vector3, WorldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';

type Axis = 0 | 1 | 2;

/** Axes renamed and turned; exact, no interpolation. `axes[a]` is the input's axis that becomes axis a. */
export interface OrientRecord {
  readonly step: 'orient';
  readonly from: string;
  readonly to: string;
  readonly axes: readonly [Axis, Axis, Axis];
  /** Whether the new axis a runs against the input's axis. */
  readonly flipped: readonly [boolean, boolean, boolean];
  /** Of the input. */
  readonly size: Vector3;
}

/** Another spacing on the same axes; the centre of the grid stays where it is. */
export interface ResampleRecord {
  readonly step: 'resample';
  readonly fromSize: Vector3;
  readonly fromSpacingMm: Vector3;
  readonly toSize: Vector3;
  readonly toSpacingMm: Vector3;
}

/** output = (clip(input, lower, upper) − subtract) / divide; with `zeroStays` a 0 stays 0 */
export interface NormaliseRecord {
  readonly step: 'normalise';
  readonly kind: string;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly subtract: number;
  readonly divide: number;
  readonly zeroStays?: true | undefined;
  /** Which of several channels; absent where there is one. */
  readonly channel?: string | undefined;
}

/** The series of another channel was brought onto the first one's grid, before all other steps. The mask knows nothing of it. */
export interface RegridRecord {
  readonly step: 'regrid';
  readonly channel: string;
  /** Where it lay. */
  readonly size: Vector3;
  readonly spacingMm: Vector3;
  readonly originLps: WorldPoint;
  readonly direction: VolumeGeometry['direction'];
}

/** Keeps voxels `start` … `start + size − 1` of the input. */
export interface CropRecord {
  readonly step: 'crop';
  readonly fromSize: Vector3;
  readonly start: Vector3;
  readonly size: Vector3;
}

/** Adds `before` voxels in front of each axis and fills up to `size`. */
export interface PadRecord {
  readonly step: 'pad';
  readonly fromSize: Vector3;
  readonly before: Vector3;
  readonly size: Vector3;
  readonly value: number;
}

export type TraceStep = OrientRecord | RegridRecord | ResampleRecord | NormaliseRecord | CropRecord | PadRecord;
/** Always begins with the orient step; the others act on each axis alone. */
export type Trace = readonly [OrientRecord, ...Exclude<TraceStep, OrientRecord>[]];
