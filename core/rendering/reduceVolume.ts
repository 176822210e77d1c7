/**
 * A smaller copy of an image for pictures in 3D: the mean of blocks of voxels. Not for measuring.
 * Coordinates: the reduced grid lies where the original lies (LPS mm); voxels left over at the far ends are dropped.
 */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld } from '../geometry/volumeGeometry.ts';
import { allocateScalars, scalarTypeOf, type Volume } from '../volume/volume.ts';

/** @returns how many voxels along each axis become one, so that no axis has more than `mostVoxels` */
export function reductionFactors(size: Vector3, mostVoxels: number): Vector3 {
  const factor = (n: number): number => Math.max(1, Math.ceil(n / mostVoxels));
  return [factor(size[0]), factor(size[1]), factor(size[2])];
}

/** @returns the volume itself when all factors are 1 */
export function reduceVolume(volume: Volume, factors: Vector3): Volume {
  const [fi, fj, fk] = factors;
  if (fi === 1 && fj === 1 && fk === 1) return volume;
  const { geometry, scalars } = volume;
  const [ni, nj] = geometry.size;
  const size: Vector3 = [0, 1, 2].map((a) => Math.max(1, Math.floor(geometry.size[a]! / factors[a]!))) as [
    number,
    number,
    number,
  ];
  const [mi, mj, mk] = size;
  const reduced = allocateScalars(scalarTypeOf(scalars), mi * mj * mk);
  const isWhole = !(scalars instanceof Float32Array);
  const count = fi * fj * fk;
  const row = new Float64Array(mi);
  for (let k = 0; k < mk; k++) {
    for (let j = 0; j < mj; j++) {
      row.fill(0);
      for (let dk = 0; dk < fk; dk++) {
        for (let dj = 0; dj < fj; dj++) {
          let from = ni * (j * fj + dj + nj * (k * fk + dk));
          for (let i = 0; i < mi; i++) {
            let sum = 0;
            for (let di = 0; di < fi; di++) sum += scalars[from++]!;
            row[i] = row[i]! + sum;
          }
        }
      }
      const to = mi * (j + mj * k);
      for (let i = 0; i < mi; i++) reduced[to + i] = isWhole ? Math.round(row[i]! / count) : row[i]! / count;
    }
  }
  return {
    geometry: {
      size,
      spacingMm: [geometry.spacingMm[0] * fi, geometry.spacingMm[1] * fj, geometry.spacingMm[2] * fk],
      originLps: indexToWorld(geometry, indexPoint((fi - 1) / 2, (fj - 1) / 2, (fk - 1) / 2)),
      direction: geometry.direction,
    },
    scalars: reduced,
  };
}
