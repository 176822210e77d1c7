/** What a printer and a planner need to know of a surface before they trust it: is it closed, and a manifold. */
import type { SurfaceMesh } from './surfaceMesh.ts';
import { surfaceParts } from './surfaceParts.ts';

export interface MeshTopology {
  readonly vertices: number;
  readonly edges: number;
  readonly triangles: number;
  /** Edges that do not have exactly two triangles, one in each direction. 0 for a closed, orientable surface. */
  readonly brokenEdges: number;
  /** Vertices whose triangles do not form one fan. */
  readonly brokenVertices: number;
  readonly parts: number;
  /** vertices - edges + triangles = 2 × parts - 2 × handles */
  readonly eulerNumber: number;
}

/** Vertices that no triangle uses are not counted. */
export function meshTopology(mesh: SurfaceMesh): MeshTopology {
  const { triangles } = mesh;
  const all = mesh.positions.length / 3;
  const next = new Map<number, number>();
  let repeated = 0;
  const uses = new Uint32Array(all);
  for (let at = 0; at < triangles.length; at += 3) {
    for (let side = 0; side < 3; side++) {
      const from = triangles[at + side]!;
      const to = triangles[at + ((side + 1) % 3)]!;
      uses[from]!++;
      if (next.has(from * all + to)) repeated++;
      next.set(from * all + to, triangles[at + ((side + 2) % 3)]!);
    }
  }
  let unpaired = 0;
  for (const key of next.keys()) if (!next.has((key % all) * all + Math.floor(key / all))) unpaired++;

  // Walking round a vertex from triangle to triangle must meet all of its triangles.
  const fans = new Uint32Array(all);
  let brokenVertices = 0;
  for (let at = 0; at < triangles.length; at++) {
    const centre = triangles[at]!;
    if (fans[centre]! > 0) continue;
    const start = triangles[at - (at % 3) + ((at + 1) % 3)]!;
    let rim: number | undefined = start;
    let walked = 0;
    do {
      rim = next.get(centre * all + rim);
      walked++;
    } while (rim !== undefined && rim !== start && walked <= uses[centre]!);
    fans[centre] = walked;
    if (walked !== uses[centre]) brokenVertices++;
  }

  const used = uses.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
  const edges = (next.size + unpaired) / 2;
  const parts = surfaceParts(all, triangles).count - (all - used);
  return {
    vertices: used,
    edges,
    triangles: triangles.length / 3,
    brokenEdges: unpaired + repeated,
    brokenVertices,
    parts,
    eulerNumber: used - edges + triangles.length / 3,
  };
}
