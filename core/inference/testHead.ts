/**
 * A small head made of solids, for tests of headPose.ts: a skull between scalp and brain, a face with nose, sinuses and throat, a neck
 * that the field of view cuts. Voxels of 4 mm, LPS; values as a T1-weighted MR's.
 */
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { seededRandom } from '../phantom/seededRandom.ts';
import type { Volume } from '../volume/volume.ts';

const SIZE = [56, 64, 64] as const;
const MM = 4;

interface Ellipsoid {
  /** mm from the middle of the head: to Left, Posterior, Superior. */
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly value: number;
}

/** Later ones lie over earlier ones. */
const SOLIDS: readonly Ellipsoid[] = [
  // Neck and jaw, then the scalp, then what they hold.
  { centre: [0, 25, -110], radii: [58, 62, 90], value: 90 },
  { centre: [0, -42, -75], radii: [52, 48, 45], value: 95 },
  { centre: [0, -94, -45], radii: [13, 16, 22], value: 100 },
  { centre: [0, 0, 0], radii: [78, 98, 92], value: 130 },
  { centre: [0, 12, 20], radii: [82, 86, 72], value: 130 },
  { centre: [0, 0, 2], radii: [70, 89, 83], value: 60 },
  { centre: [0, 2, 4], radii: [64, 82, 77], value: 110 },
  { centre: [7, 0, 4], radii: [5, 30, 12], value: 25 },
  { centre: [-7, 0, 4], radii: [5, 30, 12], value: 25 },
  { centre: [24, -62, -52], radii: [15, 16, 17], value: 4 },
  { centre: [-24, -62, -52], radii: [15, 16, 17], value: 4 },
  { centre: [0, -62, -45], radii: [10, 34, 22], value: 4 },
  { centre: [0, -20, -95], radii: [11, 10, 34], value: 4 },
  { centre: [0, -80, 12], radii: [18, 9, 11], value: 4 },
];

/** @param seed of the noise */
export function testHead(seed = 1): Volume {
  const random = seededRandom(seed);
  const geometry: VolumeGeometry = {
    size: SIZE,
    spacingMm: [MM, MM, MM],
    originLps: worldPoint(-110, -126, -138),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  const scalars = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]);
  const [x0, y0, z0] = geometry.originLps;
  let o = 0;
  for (let k = 0; k < SIZE[2]; k++) {
    for (let j = 0; j < SIZE[1]; j++) {
      for (let i = 0; i < SIZE[0]; i++) {
        const value = valueAt(x0 + i * MM, y0 + j * MM, z0 + k * MM);
        scalars[o++] = Math.round(Math.abs(value + 3 * random.gauss()));
      }
    }
  }
  return { geometry, scalars };
}

function valueAt(x: number, y: number, z: number): number {
  const holds = ({ centre: [cx, cy, cz], radii: [rx, ry, rz] }: Ellipsoid): boolean =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2 <= 1;
  return SOLIDS.findLast(holds)?.value ?? 0;
}
