/** Light on a surface: normals from the triangles and a shading that the 3D view's lights resemble. LPS mm. */
import type { Vector3 } from '../geometry/points.ts';
import type { Rgb } from './rgbaImage.ts';

/** @returns one normal a vertex, the mean of its triangles' weighted by area, not of unit length */
export function vertexNormals(positions: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t]! * 3;
    const b = triangles[t + 1]! * 3;
    const c = triangles[t + 2]! * 3;
    const ux = positions[b]! - positions[a]!;
    const uy = positions[b + 1]! - positions[a + 1]!;
    const uz = positions[b + 2]! - positions[a + 2]!;
    const vx = positions[c]! - positions[a]!;
    const vy = positions[c + 1]! - positions[a + 1]!;
    const vz = positions[c + 2]! - positions[a + 2]!;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (const vertex of [a, b, c]) {
      normals[vertex] = normals[vertex]! + nx;
      normals[vertex + 1] = normals[vertex + 1]! + ny;
      normals[vertex + 2] = normals[vertex + 2]! + nz;
    }
  }
  return normals;
}

/** @returns the vectors at unit length */
export function unitVectors(vectors: Float32Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(vectors.length);
  for (let n = 0; n < vectors.length; n += 3) {
    const size = Math.hypot(vectors[n]!, vectors[n + 1]!, vectors[n + 2]!) || 1;
    for (let axis = 0; axis < 3; axis++) result[n + axis] = vectors[n + axis]! / size;
  }
  return result;
}

const AMBIENT = 0.16;
const HEADLIGHT = 0.5;
const KEY_LIGHT = 0.42;
const GLOSS = 0.22;
/** From the upper left of the picture towards the surface, in (right, down, forward); unit length. */
const KEY_DIRECTION: Vector3 = [0.45, 0.62, 0.643];

/**
 * Writes the lit colour at `offset`. Both sides of a surface are lit alike: a cut-open mesh shows its inside.
 * @param normal any length, LPS
 * @param basis the picture's right, down and forward in LPS
 */
export function shade(
  target: Uint8ClampedArray,
  offset: number,
  [r, g, b]: Rgb,
  normal: Vector3,
  [right, down, forward]: readonly [Vector3, Vector3, Vector3],
): void {
  let x = normal[0] * right[0] + normal[1] * right[1] + normal[2] * right[2];
  let y = normal[0] * down[0] + normal[1] * down[1] + normal[2] * down[2];
  let z = normal[0] * forward[0] + normal[1] * forward[1] + normal[2] * forward[2];
  const size = Math.hypot(x, y, z) || 1;
  // Turned towards the eye, so that `z` is negative (the eye looks along +forward).
  const flip = (z > 0 ? -1 : 1) / size;
  x *= flip;
  y *= flip;
  z *= flip;
  const head = -z;
  const key = Math.max(0, -(x * KEY_DIRECTION[0] + y * KEY_DIRECTION[1] + z * KEY_DIRECTION[2]));
  // Half-way vector between the eye and the key light.
  const hz = KEY_DIRECTION[2] + 1;
  const half = Math.hypot(KEY_DIRECTION[0], KEY_DIRECTION[1], hz);
  const shine = Math.max(0, -(x * KEY_DIRECTION[0] + y * KEY_DIRECTION[1] + z * hz) / half);
  const light = AMBIENT + HEADLIGHT * head + KEY_LIGHT * key;
  const gloss = 255 * GLOSS * shine ** 24;
  target[offset] = r * light + gloss;
  target[offset + 1] = g * light + gloss;
  target[offset + 2] = b * light + gloss;
  target[offset + 3] = 255;
}
