/**
 * Taubin's smoothing: two steps of the umbrella operator, one inwards, one outwards, so that bumps go and the volume hardly changes.
 * It is linear in the positions, so it may run in voxel indices or in millimetres. Next: restoreVolume.ts.
 * @see Taubin, A signal processing approach to fair surface design, SIGGRAPH 1995
 */
import type { SurfaceMesh } from './surfaceMesh.ts';
import { vertexNormals } from './surfaceMesh.ts';

/** Pass band 1/λ + 1/μ = 0.1. */
const LAMBDA = 0.5;
const MU = -1 / (1 / LAMBDA - 0.1);
const PAIRS_AT_FULL_SMOOTHING = 30;

/**
 * @param smoothing 0 (none) to 1 (most)
 * @returns a new mesh, LPS mm, with normals
 */
export function smoothSurface(mesh: SurfaceMesh, smoothing: number): SurfaceMesh {
  const positions = smoothPositions(Float64Array.from(mesh.positions), mesh.triangles, smoothing);
  return {
    positions: Float32Array.from(positions),
    normals: vertexNormals(positions, mesh.triangles),
    triangles: mesh.triangles,
  };
}

/**
 * @param positions of a closed surface, any space
 * @param maximumShift how far a coordinate may go from where it was; keeps walls of one voxel from closing
 * @returns new positions
 */
export function smoothPositions(
  positions: Float64Array,
  triangles: Uint32Array,
  smoothing: number,
  maximumShift = Number.POSITIVE_INFINITY,
): Float64Array {
  const pairs = Math.round(Math.min(1, Math.max(0, smoothing)) * PAIRS_AT_FULL_SMOOTHING);
  const { first, neighbours } = neighboursOf(positions.length / 3, triangles);
  let from = positions.slice();
  let to = new Float64Array(positions.length);
  for (let step = 0; step < 2 * pairs; step++) {
    moveTowardsNeighbours(from, to, first, neighbours, step % 2 === 0 ? LAMBDA : MU);
    if (step % 2 === 1) keepNear(to, positions, maximumShift);
    [from, to] = [to, from];
  }
  return from;
}

/** @returns the neighbours of vertex v in places first[v] up to first[v + 1]; each once, because every edge has two triangles */
function neighboursOf(vertices: number, triangles: Uint32Array): { first: Uint32Array; neighbours: Uint32Array } {
  const first = new Uint32Array(vertices + 1);
  for (let at = 0; at < triangles.length; at++) first[triangles[at]! + 1]!++;
  for (let v = 0; v < vertices; v++) first[v + 1]! += first[v]!;
  const neighbours = new Uint32Array(triangles.length);
  const place = first.slice();
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at]!;
    const b = triangles[at + 1]!;
    const c = triangles[at + 2]!;
    neighbours[place[a]!++] = b;
    neighbours[place[b]!++] = c;
    neighbours[place[c]!++] = a;
  }
  return { first, neighbours };
}

function moveTowardsNeighbours(
  from: Float64Array,
  to: Float64Array,
  first: Uint32Array,
  neighbours: Uint32Array,
  weight: number,
): void {
  for (let v = 0, at = 0; v + 1 < first.length; v++) {
    const end = first[v + 1]!;
    const share = weight / (end - at);
    let x = 0;
    let y = 0;
    let z = 0;
    for (; at < end; at++) {
      const n = 3 * neighbours[at]!;
      x += from[n]!;
      y += from[n + 1]!;
      z += from[n + 2]!;
    }
    to[3 * v] = from[3 * v]! * (1 - weight) + x * share;
    to[3 * v + 1] = from[3 * v + 1]! * (1 - weight) + y * share;
    to[3 * v + 2] = from[3 * v + 2]! * (1 - weight) + z * share;
  }
}

function keepNear(positions: Float64Array, home: Float64Array, maximumShift: number): void {
  if (maximumShift === Number.POSITIVE_INFINITY) return;
  for (let at = 0; at < positions.length; at++) {
    const shift = positions[at]! - home[at]!;
    if (shift > maximumShift) positions[at] = home[at]! + maximumShift;
    else if (shift < -maximumShift) positions[at] = home[at]! - maximumShift;
  }
}
