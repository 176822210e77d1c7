/**
 * Gives a smoothed surface back the volume of its voxels: each connected part is moved along its normals by one distance, found by
 * Newton's method. A part that is a cavity has a negative volume and the same rule.
 */

import { areaVectors } from './surfaceMesh.ts';
import type { SurfaceParts } from './surfaceParts.ts';

const ROUNDS = 12;
/** Relative error at which a part is done. */
const TOLERANCE = 1e-5;

/**
 * @param positions mm; changed in place
 * @param targetsMm3 the signed volume that each part must enclose
 * @param maximumStepMm of one round: a part of few voxels must not jump through itself
 */
export function restoreVolume(
  positions: Float64Array,
  triangles: Uint32Array,
  parts: SurfaceParts,
  targetsMm3: Float64Array,
  maximumStepMm: number,
): void {
  const { count, partOf } = parts;
  const volumes = new Float64Array(count);
  const areas = new Float64Array(count);
  const steps = new Float64Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    const vectors = areaVectors(positions, triangles);
    volumes.fill(0);
    areas.fill(0);
    for (let v = 0; v < partOf.length; v++) {
      const [x, y, z] = [vectors[3 * v]!, vectors[3 * v + 1]!, vectors[3 * v + 2]!];
      const part = partOf[v]!;
      // Three times the volume is the sum of position · area vector (Euler, homogeneous of degree three).
      volumes[part]! += (positions[3 * v]! * x + positions[3 * v + 1]! * y + positions[3 * v + 2]! * z) / 3;
      areas[part]! += Math.sqrt(x * x + y * y + z * z);
    }
    let isDone = true;
    for (let part = 0; part < count; part++) {
      const missing = targetsMm3[part]! - volumes[part]!;
      if (Math.abs(missing) <= TOLERANCE * Math.abs(targetsMm3[part]!) || areas[part]! === 0) {
        steps[part] = 0;
        continue;
      }
      isDone = false;
      steps[part] = Math.max(-maximumStepMm, Math.min(maximumStepMm, missing / areas[part]!));
    }
    if (isDone) return;
    for (let v = 0; v < partOf.length; v++) {
      const step = steps[partOf[v]!]!;
      const [x, y, z] = [vectors[3 * v]!, vectors[3 * v + 1]!, vectors[3 * v + 2]!];
      const length = Math.sqrt(x * x + y * y + z * z);
      if (step === 0 || length === 0) continue;
      positions[3 * v]! += (x / length) * step;
      positions[3 * v + 1]! += (y / length) * step;
      positions[3 * v + 2]! += (z / length) * step;
    }
  }
}
