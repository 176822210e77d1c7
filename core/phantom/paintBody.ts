/** The first coat: air, couch, skin, fat and the muscle wall, from one depth below the skin a voxel. LPS mm. */
import { HU } from './anatomy/tissue.ts';
import { body, fatMm, wallMm } from './anatomy/torso.ts';

/** HU at a depth; each layer blends into the next over `softMm`, about a voxel: that is the partial volume. */
function layered(depthMm: number, fat: number, wall: number, softMm: number): number {
  const step = (from: number, to: number, edge: number) => {
    const t = (depthMm - edge) / softMm + 0.5;
    return t <= 0 ? from : t >= 1 ? to : from + (to - from) * t;
  };
  if (depthMm < 1.4) return step(HU.air, HU.skin, 0);
  if (depthMm < fat / 2) return step(HU.skin, HU.fat, 2.4);
  if (depthMm < fat + wall / 2) {
    // Two thin planes of fat part the three muscles of the belly wall.
    const inner = depthMm - fat;
    const plane = Math.max(0, 1 - Math.abs(inner - wall * 0.36) / 1.1, 1 - Math.abs(inner - wall * 0.68) / 1.1);
    return step(HU.fat, HU.muscle - 55 * plane, fat);
  }
  const inner = depthMm - fat;
  const plane = Math.max(0, 1 - Math.abs(inner - wall * 0.68) / 1.1);
  return step(HU.muscle - 55 * plane, HU.visceralFat, fat + wall);
}

/** A curved couch under the patient: a thin shell with foam in it. */
function couchHu(x: number, y: number): number {
  const depth = y - 119 + (x * x) / 2300;
  if (depth < -2 || depth > 20 || Math.abs(x) > 172) return HU.air;
  const edge = Math.min(Math.abs(depth), Math.abs(depth - 18), 172 - Math.abs(x));
  const foam = depth > 0 && depth < 18 ? -945 : HU.air;
  return foam + (HU.couch - foam) * Math.min(1, Math.max(0, 1.9 - edge));
}

/**
 * @param axes millimetres of the voxel centres along x, y and z, in the anatomy's own space
 * @param softMm width of a blended edge, about the in-plane voxel
 */
export function paintBody(
  hu: Float32Array,
  axes: { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array },
  softMm: number,
): void {
  const outline = body();
  let at = 0;
  for (const z of axes.z) {
    const wall = wallMm(z);
    const { center, radii } = outline.at(z);
    for (const y of axes.y) {
      const deepY = ((y - center[1]) / (radii[1] - 48)) ** 2;
      for (const x of axes.x) {
        if (deepY + ((x - center[0]) / (radii[0] - 48)) ** 2 < 1) {
          // Far inside of the wall: no need to measure how far.
          hu[at++] = HU.visceralFat;
          continue;
        }
        const depth = -outline.distanceMm(x, y, z);
        hu[at++] = depth < -softMm ? couchHu(x, y) : layered(depth, fatMm(x, y), wall, softMm);
      }
    }
  }
}
