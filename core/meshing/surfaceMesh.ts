/** A closed surface of triangles in patient space: LPS, millimetres, corners anticlockwise seen from outside. Next: buildSurface.ts. */

export interface SurfaceMesh {
  /** x, y, z of each vertex, LPS mm. */
  readonly positions: Float32Array;
  /** Unit vectors outwards, one per vertex. */
  readonly normals?: Float32Array;
  /** Three vertex indices per triangle. */
  readonly triangles: Uint32Array;
}

/**
 * Divergence theorem over the triangles; a surface around a cavity counts negative.
 * @returns enclosed volume, ml
 */
export function meshVolumeMl(mesh: SurfaceMesh): number {
  const { positions: p, triangles: t } = mesh;
  // Relative to a vertex, so that a small mesh far from the origin keeps its digits.
  const [ox, oy, oz] = [p[0] ?? 0, p[1] ?? 0, p[2] ?? 0];
  let sixfold = 0;
  for (let at = 0; at < t.length; at += 3) {
    const a = 3 * t[at]!;
    const b = 3 * t[at + 1]!;
    const c = 3 * t[at + 2]!;
    const ax = p[a]! - ox;
    const ay = p[a + 1]! - oy;
    const az = p[a + 2]! - oz;
    const bx = p[b]! - ox;
    const by = p[b + 1]! - oy;
    const bz = p[b + 2]! - oz;
    const cx = p[c]! - ox;
    const cy = p[c + 1]! - oy;
    const cz = p[c + 2]! - oz;
    sixfold += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return sixfold / 6000;
}

/** @returns mm² */
export function surfaceAreaMm2(mesh: SurfaceMesh): number {
  const { positions: p, triangles: t } = mesh;
  let twofold = 0;
  for (let at = 0; at < t.length; at += 3) {
    const a = 3 * t[at]!;
    const b = 3 * t[at + 1]!;
    const c = 3 * t[at + 2]!;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!;
    const vy = p[c + 1]! - p[a + 1]!;
    const vz = p[c + 2]! - p[a + 2]!;
    twofold += Math.sqrt((uy * vz - uz * vy) ** 2 + (uz * vx - ux * vz) ** 2 + (ux * vy - uy * vx) ** 2);
  }
  return twofold / 2;
}

/**
 * @param positions any space
 * @returns area vectors of the vertices: a third of the summed area vectors of their triangles; also the gradient of the volume
 */
export function areaVectors(positions: ArrayLike<number>, triangles: Uint32Array): Float64Array {
  const p = positions;
  const vectors = new Float64Array(p.length);
  for (let at = 0; at < triangles.length; at += 3) {
    const a = 3 * triangles[at]!;
    const b = 3 * triangles[at + 1]!;
    const c = 3 * triangles[at + 2]!;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!;
    const vy = p[c + 1]! - p[a + 1]!;
    const vz = p[c + 2]! - p[a + 2]!;
    const nx = (uy * vz - uz * vy) / 6;
    const ny = (uz * vx - ux * vz) / 6;
    const nz = (ux * vy - uy * vx) / 6;
    vectors[a]! += nx;
    vectors[a + 1]! += ny;
    vectors[a + 2]! += nz;
    vectors[b]! += nx;
    vectors[b + 1]! += ny;
    vectors[b + 2]! += nz;
    vectors[c]! += nx;
    vectors[c + 1]! += ny;
    vectors[c + 2]! += nz;
  }
  return vectors;
}

/** @returns unit normals outwards; zero where the triangles of a vertex cancel out */
export function vertexNormals(positions: ArrayLike<number>, triangles: Uint32Array): Float32Array {
  const vectors = areaVectors(positions, triangles);
  const normals = new Float32Array(vectors.length);
  for (let at = 0; at < vectors.length; at += 3) {
    const length = Math.hypot(vectors[at]!, vectors[at + 1]!, vectors[at + 2]!) || 1;
    normals[at] = vectors[at]! / length;
    normals[at + 1] = vectors[at + 1]! / length;
    normals[at + 2] = vectors[at + 2]! / length;
  }
  return normals;
}
