/**
 * Surfaces as binary STL: LPS, millimetres, as the header says (STL itself knows neither). Little endian: 80 bytes of header, the number of
 * triangles, then 50 bytes each: normal, three corners, two zero bytes.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { SurfaceMesh } from '../meshing/surfaceMesh.ts';

const HEADER_BYTES = 80;
const TRIANGLE_BYTES = 50;

/**
 * Triangles of which two corners fall together are left out; a closed surface stays closed without them.
 * @param options.name for the header; printable ASCII, anything else becomes "?"
 */
export function writeStl(meshes: readonly SurfaceMesh[], options: { readonly name: string }): Uint8Array {
  const most = meshes.reduce((sum, mesh) => sum + mesh.triangles.length / 3, 0);
  const bytes = new Uint8Array(HEADER_BYTES + 4 + most * TRIANGLE_BYTES);
  const view = new DataView(bytes.buffer);
  // Never begins with "solid", which would mean ASCII to many readers.
  const header = `Lantern binary STL, LPS mm: ${options.name.replace(/[^\x20-\x7e]/g, '?')}`;
  for (let at = 0; at < HEADER_BYTES; at++) bytes[at] = at < header.length ? header.charCodeAt(at) : 0x20;
  let count = 0;
  for (const mesh of meshes) {
    for (let at = 0; at < mesh.triangles.length; at += 3) {
      const place = HEADER_BYTES + 4 + count * TRIANGLE_BYTES;
      if (writeTriangle(view, place, mesh, at)) count++;
    }
  }
  view.setUint32(HEADER_BYTES, count, true);
  return bytes.subarray(0, HEADER_BYTES + 4 + count * TRIANGLE_BYTES);
}

/** @returns false where two corners are one point */
function writeTriangle(view: DataView, place: number, mesh: SurfaceMesh, at: number): boolean {
  const p = mesh.positions;
  const a = 3 * mesh.triangles[at]!;
  const b = 3 * mesh.triangles[at + 1]!;
  const c = 3 * mesh.triangles[at + 2]!;
  if (isOnePoint(p, a, b) || isOnePoint(p, b, c) || isOnePoint(p, c, a)) return false;
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
  view.setFloat32(place, nx / length, true);
  view.setFloat32(place + 4, ny / length, true);
  view.setFloat32(place + 8, nz / length, true);
  let to = place + 12;
  for (const corner of [a, b, c]) {
    view.setFloat32(to, p[corner]!, true);
    view.setFloat32(to + 4, p[corner + 1]!, true);
    view.setFloat32(to + 8, p[corner + 2]!, true);
    to += 12;
  }
  return true;
}

function isOnePoint(p: Float32Array, a: number, b: number): boolean {
  return p[a] === p[b] && p[a + 1] === p[b + 1] && p[a + 2] === p[b + 2];
}

/**
 * Reads a binary STL; corners with the same coordinates become one vertex.
 * @returns positions in the file's own space and unit (LPS mm for files of Lantern)
 * @throws mesh/invalid-stl
 */
export function readStl(bytes: Uint8Array): SurfaceMesh {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= HEADER_BYTES + 4 ? view.getUint32(HEADER_BYTES, true) : -1;
  if (count < 0 || bytes.length !== HEADER_BYTES + 4 + count * TRIANGLE_BYTES) {
    throw new LanternError(
      'mesh/invalid-stl',
      'This file is not a whole binary STL.',
      'Export it again from its source, as binary STL.',
    );
  }
  const corners = new Float32Array(9 * count);
  for (let n = 0; n < count; n++) {
    const place = HEADER_BYTES + 4 + n * TRIANGLE_BYTES + 12;
    for (let c = 0; c < 9; c++) corners[9 * n + c] = view.getFloat32(place + 4 * c, true) + 0; // -0 becomes 0
  }
  return mergeCorners(corners);
}

/** Open addressing over the bits of the coordinates; linear in the number of corners. */
function mergeCorners(corners: Float32Array): SurfaceMesh {
  const total = corners.length / 3;
  const bits = new Int32Array(corners.buffer);
  let tableSize = 16;
  while (tableSize < 2 * total) tableSize *= 2;
  const table = new Int32Array(tableSize).fill(-1);
  const positions = new Float32Array(corners.length);
  const triangles = new Uint32Array(total);
  let vertices = 0;
  for (let n = 0; n < total; n++) {
    const at = 3 * n;
    const hash =
      Math.imul(bits[at]!, 73_856_093) ^ Math.imul(bits[at + 1]!, 19_349_663) ^ Math.imul(bits[at + 2]!, 83_492_791);
    let slot = (hash ^ (hash >>> 15)) & (tableSize - 1);
    while (table[slot]! >= 0 && !isSame(positions, 3 * table[slot]!, corners, at)) slot = (slot + 1) & (tableSize - 1);
    if (table[slot]! < 0) {
      table[slot] = vertices;
      positions.set(corners.subarray(at, at + 3), 3 * vertices);
      vertices++;
    }
    triangles[n] = table[slot]!;
  }
  return { positions: positions.slice(0, 3 * vertices), triangles };
}

function isSame(a: Float32Array, at: number, b: Float32Array, other: number): boolean {
  return a[at] === b[other] && a[at + 1] === b[other + 1] && a[at + 2] === b[other + 2];
}
