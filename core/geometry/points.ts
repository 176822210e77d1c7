/**
 * Points of the two spaces of Lantern, kept apart by the type checker.
 * Only core/geometry converts between them. Next: volumeGeometry.ts.
 */
declare const space: unique symbol;

export type Vector3 = readonly [x: number, y: number, z: number];

/** Continuous voxel index (i, j, k) = (column, row, slice); 0 is the centre of the first voxel. */
export type IndexPoint = Vector3 & { readonly [space]: 'voxel' };

/** DICOM patient space: LPS (x to the left, y to the back, z to the head), millimetres. */
export type WorldPoint = Vector3 & { readonly [space]: 'lps-mm' };

export function indexPoint(i: number, j: number, k: number): IndexPoint {
  return [i, j, k] as unknown as IndexPoint;
}

export function worldPoint(x: number, y: number, z: number): WorldPoint {
  return [x, y, z] as unknown as WorldPoint;
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** @returns the length between two points of one space, in that space's unit */
export function distance(a: Vector3, b: Vector3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export function normalise(a: Vector3): Vector3 {
  const l = length(a);
  return [a[0] / l, a[1] / l, a[2] / l];
}
