/**
 * The table of a marching-cubes cell, made from one rule instead of typed in: how the surface passes a cell of 2×2×2 voxel centres.
 * Corner n has offset (n & 1, n >> 1 & 1, n >> 2 & 1). On a face where the segment's two corners lie diagonally, they are kept apart;
 * both cells at that face decide alike, so the surface is closed. Loops are cut into triangles without a chord that lies in a face:
 * only such chords could meet a chord of the neighbouring cell, so every edge has exactly two triangles.
 * @see Lorensen and Cline 1987; Nielson and Hamann 1991 (ambiguous faces)
 */

/** The twelve edges of a cell: its low corner, the axis along which it runs. */
export const CELL_EDGES: ReadonlyArray<{ readonly corner: number; readonly axis: 0 | 1 | 2 }> = (
  [0, 1, 2] as const
).flatMap((axis) =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((corner) => !(corner & (1 << axis))).map((corner) => ({ corner, axis })),
);

/** Corners of each face, anticlockwise seen from outside of the cell. */
const FACES = ([0, 1, 2] as const).flatMap((axis) => {
  const [u, v] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
  const high = 1 << axis;
  return [
    [0, v, u | v, u],
    [high, high | u, high | u | v, high | v],
  ];
});

/** For each of the 256 patterns of corners (bit n = corner n is in the segment): triangles as triples of cell edges, normals outwards. */
export const CELL_TRIANGLES: readonly Uint8Array[] = Array.from({ length: 256 }, (_, pattern) =>
  Uint8Array.from(loopsOf(pattern).flatMap((loop) => trianglesOf(loop))),
);

function edgeBetween(a: number, b: number): number {
  return CELL_EDGES.findIndex(
    ({ corner, axis }) => corner === Math.min(a, b) && (corner | (1 << axis)) === Math.max(a, b),
  );
}

/** @returns the closed paths of cell edges in which the surface cuts the faces of the cell */
export function loopsOf(pattern: number): number[][] {
  const isInside = (corner: number) => ((pattern >> corner) & 1) === 1;
  const next = new Map<number, number>();
  for (const face of FACES) {
    for (let at = 0; at < 4; at++) {
      const corner = (n: number) => face[(at + n) % 4] ?? 0;
      if (isInside(corner(0)) || !isInside(corner(1))) continue;
      // The face enters the segment between corners 0 and 1; walk to where it leaves it.
      let last = 1;
      while (isInside(corner(last + 1))) last++;
      next.set(edgeBetween(corner(0), corner(1)), edgeBetween(corner(last), corner(last + 1)));
    }
  }
  const loops: number[][] = [];
  for (const start of next.keys()) {
    if (loops.some((loop) => loop.includes(start))) continue;
    const loop = [start];
    for (let edge = next.get(start); edge !== undefined && edge !== start; edge = next.get(edge)) loop.push(edge);
    loops.push(loop);
  }
  return loops;
}

/** @returns triangles that fill a loop, with no chord between two edges of one face */
function trianglesOf(loop: readonly number[]): number[] {
  const filled = fill(loop);
  if (!filled) throw new Error(`the loop ${loop.join()} has no triangulation without a chord in a face`);
  return filled;
}

function fill(loop: readonly number[]): number[] | null {
  const [first = 0, second = 0] = loop;
  if (loop.length < 3) return [];
  for (let at = 2; at < loop.length; at++) {
    const apex = loop[at] ?? 0;
    const isChordFree = (a: number, b: number, areNeighbours: boolean) => areNeighbours || !shareFace(a, b);
    if (!isChordFree(second, apex, at === 2) || !isChordFree(first, apex, at === loop.length - 1)) continue;
    const right = fill(loop.slice(1, at + 1));
    const left = fill([first, ...loop.slice(at)]);
    if (right && left) return [first, second, apex, ...right, ...left];
  }
  return null;
}

function shareFace(a: number, b: number): boolean {
  return FACES.some((face) => [a, b].every((edge) => isOnFace(edge, face)));
}

function isOnFace(edge: number, face: readonly number[]): boolean {
  const { corner, axis } = CELL_EDGES[edge] ?? { corner: 0, axis: 0 };
  return face.includes(corner) && face.includes(corner | (1 << axis));
}
