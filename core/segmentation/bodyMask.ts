/**
 * The patient's body in a CT, without the table: the largest part denser than fat, after thin bridges are cut. Computed on every
 * few voxels (about 2 mm), because the skin does not need more and a whole CT has tens of millions.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Scalars } from '../volume/volume.ts';
import { type BinaryMask, emptyMask, maskLike } from './binaryMask.ts';
import { componentsMask, connectedComponents } from './connectedComponents.ts';
import { wholeBox } from './deltaBox.ts';
import { fillEnclosed } from './fillEnclosed.ts';
import { grownMask, shrunkMask } from './morphology.ts';

/** Between air (−1000 HU) and fat (−100 HU), above foam and clothes. */
const BODY_HU = -300;
/** Thicker than the sheet between skin and table, thinner than any part of the body. */
const BRIDGE_MM = 2.5;
const COARSE_MM = 2;

/** @returns 1 where the body is, its lungs and bowel included, on the whole grid */
export function bodyMask(scalars: Scalars, geometry: VolumeGeometry): BinaryMask {
  const step = geometry.spacingMm.map((spacing) => Math.max(1, Math.round(COARSE_MM / spacing))) as unknown as Vector3;
  const size = geometry.size.map((n, axis) => Math.ceil(n / step[axis]!)) as unknown as Vector3;
  const spacingMm = geometry.spacingMm.map((spacing, axis) => spacing * step[axis]!) as unknown as Vector3;
  const coarse = emptyMask(wholeBox(size));
  visitCoarse(geometry.size, size, step, (inCoarse, inGrid) => {
    coarse.voxels[inCoarse] = scalars[inGrid]! > BODY_HU ? 1 : 0;
  });
  return enlarged(largestBody(coarse, spacingMm), geometry.size, step);
}

function largestBody(dense: BinaryMask, spacingMm: Vector3): BinaryMask {
  const core = shrunkMask(dense, spacingMm, BRIDGE_MM);
  const parts = connectedComponents(core, 'faces');
  if (parts.sizes.length === 0) return dense;
  const largest = parts.sizes.indexOf(parts.sizes.reduce((most, size) => Math.max(most, size), 0));
  const body = componentsMask(core, parts, (c) => c === largest);
  const grown = grownMask(maskLike(dense, body), spacingMm, BRIDGE_MM);
  return maskLike(dense, fillEnclosed(grown, { inPlane: true }));
}

function visitCoarse(
  gridSize: Vector3,
  size: Vector3,
  step: Vector3,
  visit: (inCoarse: number, inGrid: number) => void,
): void {
  let inCoarse = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = gridSize[0] * (j * step[1] + gridSize[1] * k * step[2]);
      for (let i = 0; i < size[0]; i++) visit(inCoarse++, row + i * step[0]);
    }
  }
}

function enlarged(coarse: BinaryMask, size: Vector3, step: Vector3): BinaryMask {
  const fine = emptyMask(wholeBox(size));
  let o = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = coarse.size[0] * (Math.floor(j / step[1]) + coarse.size[1] * Math.floor(k / step[2]));
      for (let i = 0; i < size[0]; i++) fine.voxels[o++] = coarse.voxels[row + Math.floor(i / step[0])]!;
    }
  }
  return fine;
}
