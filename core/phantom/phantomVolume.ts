/**
 * A digital torso in portal-venous contrast, made of analytic solids: an image that looks like a CT, and the truth it was made from.
 * Deterministic: the same options give the same voxels everywhere. LPS mm. Next: anatomy/torso.ts, paintTissue.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import { addTexture } from './addTexture.ts';
import type { Tissue } from './anatomy/tissue.ts';
import { torsoTissues } from './anatomy/torsoTissues.ts';
import { paintBody } from './paintBody.ts';
import { type Canvas, paintTissue } from './paintTissue.ts';
import { PHANTOM_STRUCTURES, type PhantomStructure } from './phantomStructures.ts';
import { structureVolumesMl } from './structureVolumes.ts';

export interface PhantomOptions {
  /** Changes vessels, bowel, noise and, with `jitter`, the organs. */
  readonly seed?: number;
  readonly size?: Vector3;
  readonly spacingMm?: Vector3;
  /** 1 is an adult of 30 cm across; the whole anatomy grows with it. */
  readonly anatomyScale?: number;
  /** Moves the anatomy in the field of view. */
  readonly anatomyShiftMm?: Vector3;
  /** 0: the textbook; 1: organs differ in place (± 5 mm) and size (± 7 %) from seed to seed. */
  readonly jitter?: number;
  /** Standard deviation of the noise in water. */
  readonly noiseHu?: number;
}

export interface Phantom {
  /** int16, HU. */
  readonly volume: Volume;
  /** Structure at each voxel's centre; 0 where none of `structures` lies. */
  readonly truth: Labelmap;
  /** Only structures that lie in the field of view; their volume is that of the solids, not of the voxels. */
  readonly structures: readonly (PhantomStructure & { readonly analyticVolumeMl: number })[];
}

const DEFAULTS = {
  seed: 1,
  size: [256, 256, 120],
  spacingMm: [1.4, 1.4, 2.5],
  anatomyScale: 1,
  anatomyShiftMm: [0, 0, 0],
  jitter: 0,
  noiseHu: 11,
} as const satisfies Required<PhantomOptions>;

export function phantomGeometry(options: PhantomOptions = {}): VolumeGeometry {
  const { size, spacingMm } = { ...DEFAULTS, ...options };
  const half = (axis: 0 | 1 | 2) => (-(size[axis] - 1) * spacingMm[axis]) / 2;
  return {
    size,
    spacingMm,
    originLps: worldPoint(half(0), half(1), half(2)),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
}

export function phantomVolume(options: PhantomOptions = {}): Phantom {
  const o: Required<PhantomOptions> = { ...DEFAULTS, ...options };
  const geometry = phantomGeometry(o);
  const axis = (a: 0 | 1 | 2) =>
    Float64Array.from(
      { length: o.size[a] },
      (_, n) => (geometry.originLps[a] + n * o.spacingMm[a] - o.anatomyShiftMm[a]) / o.anatomyScale,
    );
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  const spacing = [0, 1, 2].map((a) => (o.spacingMm[a] ?? 1) / o.anatomyScale) as [number, number, number];
  const count = o.size[0] * o.size[1] * o.size[2];
  const canvas: Canvas = { hu: new Float32Array(count), labels: new Uint8Array(count), axes: [x, y, z], spacing };
  paintBody(canvas.hu, { x, y, z }, 1.1 * Math.max(spacing[0], spacing[1]));
  const tissues = torsoTissues(o.seed, o.jitter);
  for (const tissue of tissues) paintTissue(canvas, tissue);
  addTexture(canvas.hu, o.size, o.spacingMm, o.seed, o.noiseHu);
  const field = {
    min: [x, y, z].map((values, a) => (values[0] ?? 0) - (spacing[a] ?? 0) / 2) as unknown as Vector3,
    max: [x, y, z].map((values, a) => (values[values.length - 1] ?? 0) + (spacing[a] ?? 0) / 2) as unknown as Vector3,
  };
  let structures: Phantom['structures'] | undefined;
  return {
    volume: { geometry, scalars: Int16Array.from(canvas.hu, (v) => Math.max(-1024, Math.min(3071, Math.round(v)))) },
    truth: { size: o.size, voxels: canvas.labels },
    // Integrated only when somebody asks: writing the images needs no volumes.
    get structures() {
      structures ??= structuresIn(tissues, field, o.anatomyScale);
      return structures;
    },
  };
}

function structuresIn(
  tissues: readonly Tissue[],
  field: { readonly min: Vector3; readonly max: Vector3 },
  anatomyScale: number,
): Phantom['structures'] {
  const volumes = structureVolumesMl(tissues, field);
  return PHANTOM_STRUCTURES.flatMap((structure) => {
    const ml = (volumes.get(structure.number) ?? 0) * anatomyScale ** 3;
    return ml > 0 ? [{ ...structure, analyticVolumeMl: ml }] : [];
  });
}
