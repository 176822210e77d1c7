/**
 * From a segment's voxels to a surface for the screen, an STL file or a plan: closed, every edge with two triangles, normals outwards,
 * LPS mm, holding the volume of the voxels. Next: marchSegment.ts, smoothSurface.ts, restoreVolume.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import { cross, dot } from '../geometry/points.ts';
import { type VolumeGeometry, volumeMl, voxelVolumeMm3 } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import { type IndexSurface, marchSegment, segmentBox } from './marchSegment.ts';
import { restoreVolume } from './restoreVolume.ts';
import { smoothPositions } from './smoothSurface.ts';
import { meshVolumeMl, type SurfaceMesh, vertexNormals } from './surfaceMesh.ts';
import { type SurfaceParts, surfaceParts } from './surfaceParts.ts';

/** Two sides of a wall of one voxel are one voxel apart: neither may come half way. */
const MAXIMUM_SHIFT_VOXELS = 0.45;

export interface BuiltSurface {
  readonly mesh: SurfaceMesh;
  /** What the voxels fill. */
  readonly volumeMlMask: number;
  /** What the surface enclosed after smoothing, before its volume was restored. */
  readonly volumeMlBefore: number;
  /** What the surface encloses. */
  readonly volumeMlAfter: number;
}

/**
 * @param number the segment's value in the labelmap
 * @param options.smoothing 0 (the steps of the voxels show) to 1 (most)
 * @throws mesh/empty-segment, mesh/other-grid
 */
export function buildSurface(
  labelmap: Labelmap,
  number: number,
  geometry: VolumeGeometry,
  options: { readonly smoothing: number },
): BuiltSurface {
  const surface = march(labelmap, number, geometry);
  const parts = surfaceParts(surface.faceI.length, surface.triangles);
  const voxels = voxelsOfParts(surface, parts);
  const smoothIjk = smoothPositions(surface.positionsIjk, surface.triangles, options.smoothing, MAXIMUM_SHIFT_VOXELS);
  const triangles = outwardTriangles(surface.triangles, geometry);
  // Millimetres from the box's corner, so that the small volumes of parts keep their digits; the origin is added at the end.
  const { local, originLps } = toLocalMm(smoothIjk, geometry);
  const volumeMlBefore = meshVolumeMl(worldMesh(local, originLps, triangles));
  const targetsMm3 = voxels.map((count) => count * voxelVolumeMm3(geometry));
  restoreVolume(local, triangles, parts, targetsMm3, 0.25 * Math.min(...geometry.spacingMm));
  const mesh = worldMesh(local, originLps, triangles);
  const total = voxels.reduce((sum, count) => sum + count, 0);
  return { mesh, volumeMlMask: volumeMl(geometry, total), volumeMlBefore, volumeMlAfter: meshVolumeMl(mesh) };
}

/**
 * The surface as the voxels give it, half way between centres inside and outside; bevelled edges take a little volume.
 * @throws mesh/empty-segment, mesh/other-grid
 */
export function extractSurface(labelmap: Labelmap, number: number, geometry: VolumeGeometry): SurfaceMesh {
  const surface = march(labelmap, number, geometry);
  const { local, originLps } = toLocalMm(surface.positionsIjk, geometry);
  return worldMesh(local, originLps, outwardTriangles(surface.triangles, geometry));
}

function march(labelmap: Labelmap, number: number, geometry: VolumeGeometry): IndexSurface {
  if (labelmap.size.some((n, axis) => n !== geometry.size[axis])) {
    throw new LanternError(
      'mesh/other-grid',
      'The segment and the volume do not have the same grid.',
      'Open the segmentation with the series that it was made for.',
    );
  }
  const box = segmentBox(labelmap, number);
  if (!box || number === 0) {
    throw new LanternError(
      'mesh/empty-segment',
      'This segment is empty, so it has no surface.',
      'Draw the segment first, or choose another one.',
    );
  }
  return marchSegment(labelmap, number, box);
}

/** @returns signed number of voxels that each part of the surface encloses; a cavity's is negative */
function voxelsOfParts(surface: IndexSurface, parts: SurfaceParts): Float64Array {
  const voxels = new Float64Array(parts.count);
  const { faceI, positionsIjk } = surface;
  for (let v = 0; v < faceI.length; v++) voxels[parts.partOf[v]!]! += faceI[v]! * positionsIjk[3 * v]!;
  return voxels;
}

/** A left-handed direction turns the surface inside out; it is turned back. */
function outwardTriangles(triangles: Uint32Array, geometry: VolumeGeometry): Uint32Array {
  const [i, j, k] = geometry.direction;
  if (dot(cross(i, j), k) > 0) return triangles;
  const turned = triangles.slice();
  for (let at = 0; at < turned.length; at += 3) {
    const b = turned[at + 1]!;
    turned[at + 1] = turned[at + 2]!;
    turned[at + 2] = b;
  }
  return turned;
}

function toLocalMm(
  positionsIjk: Float64Array,
  geometry: VolumeGeometry,
): { local: Float64Array; originLps: readonly [number, number, number] } {
  const { originLps: o, direction: d, spacingMm: s } = geometry;
  const [ci, cj, ck] = [positionsIjk[0]!, positionsIjk[1]!, positionsIjk[2]!];
  const local = new Float64Array(positionsIjk.length);
  const offset = (a: number, b: number, c: number, axis: 0 | 1 | 2) => d[0][axis] * a + d[1][axis] * b + d[2][axis] * c;
  for (let at = 0; at < local.length; at += 3) {
    const a = (positionsIjk[at]! - ci) * s[0];
    const b = (positionsIjk[at + 1]! - cj) * s[1];
    const c = (positionsIjk[at + 2]! - ck) * s[2];
    local[at] = d[0][0] * a + d[1][0] * b + d[2][0] * c;
    local[at + 1] = d[0][1] * a + d[1][1] * b + d[2][1] * c;
    local[at + 2] = d[0][2] * a + d[1][2] * b + d[2][2] * c;
  }
  const [a, b, c] = [ci * s[0], cj * s[1], ck * s[2]];
  return { local, originLps: [o[0] + offset(a, b, c, 0), o[1] + offset(a, b, c, 1), o[2] + offset(a, b, c, 2)] };
}

function worldMesh(
  local: Float64Array,
  originLps: readonly [number, number, number],
  triangles: Uint32Array,
): SurfaceMesh {
  const positions = new Float32Array(local.length);
  for (let at = 0; at < local.length; at += 3) {
    positions[at] = local[at]! + originLps[0];
    positions[at + 1] = local[at + 1]! + originLps[1];
    positions[at + 2] = local[at + 2]! + originLps[2];
  }
  return { positions, normals: vertexNormals(local, triangles), triangles };
}
