/**
 * The surface where an image crosses a value, for pictures in 3D (not for measuring: core/meshing does that from labels).
 * Surface nets: one vertex per cell that is crossed, at the mean of its edges' crossings. Coordinates: LPS mm out.
 * @see S. Gibson, Constrained Elastic Surface Nets, MICCAI 1998
 */
import { cross, dot } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';

export interface Isosurface {
  /** x, y, z of each vertex, LPS mm. */
  readonly positions: Float32Array<ArrayBuffer>;
  /** Three vertices a triangle, counter-clockwise seen from the side of the lower values. */
  readonly triangles: Uint32Array<ArrayBuffer>;
}

/** Corner n of a cell lies at (n & 1, n >> 1 & 1, n >> 2 & 1); the twelve pairs that share an edge. */
const EDGES = [0, 1, 2].flatMap((axis) =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((c) => ((c >> axis) & 1) === 0).map((c) => [c, c | (1 << axis)] as const),
);

/** @param value in the volume's unit; voxels at or above it are inside. The surface is open where the inside meets the border. */
export function isosurface(volume: Volume, value: number): Isosurface {
  const { geometry, scalars } = volume;
  const [ni, nj, nk] = geometry.size;
  const strideK = ni * nj;
  const positions: number[] = [];
  const triangles: number[] = [];
  // The vertex of each cell, for this slice of cells and the one before it.
  let here = new Int32Array(strideK);
  let before = new Int32Array(strideK);
  const at = new Float64Array(8);
  const place = placer(geometry);
  // A left-handed grid mirrors the cells, and with them the triangles' turn.
  const mirrored = dot(cross(geometry.direction[0], geometry.direction[1]), geometry.direction[2]) < 0;
  const quad = (a: number, b: number, c: number, d: number, flip: boolean): void => {
    if (flip === mirrored) triangles.push(a, c, b, a, d, c);
    else triangles.push(a, b, c, a, c, d);
  };
  for (let k = 0; k + 1 < nk; k++) {
    for (let j = 0; j + 1 < nj; j++) {
      for (let i = 0; i + 1 < ni; i++) {
        const o = i + ni * j + strideK * k;
        let mask = 0;
        for (let c = 0; c < 8; c++) {
          const v = scalars[o + (c & 1) + ((c >> 1) & 1) * ni + (c >> 2) * strideK]!;
          at[c] = v;
          if (v >= value) mask |= 1 << c;
        }
        if (mask === 0 || mask === 255) continue;
        const cell = i + ni * j;
        here[cell] = positions.length / 3;
        pushVertex(positions, place, at, mask, value, i, j, k);
        // Faces round the three edges that meet in corner 0; their cells have all been visited.
        const inside = (mask & 1) !== 0;
        const v = here[cell]!;
        if (j > 0 && k > 0 && inside !== ((mask & 2) !== 0)) {
          quad(v, here[cell - ni]!, before[cell - ni]!, before[cell]!, inside);
        }
        if (i > 0 && k > 0 && inside !== ((mask & 4) !== 0)) {
          quad(v, before[cell]!, before[cell - 1]!, here[cell - 1]!, inside);
        }
        if (i > 0 && j > 0 && inside !== ((mask & 16) !== 0)) {
          quad(v, here[cell - 1]!, here[cell - 1 - ni]!, here[cell - ni]!, inside);
        }
      }
    }
    [here, before] = [before, here];
  }
  return { positions: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

type Place = (positions: number[], i: number, j: number, k: number) => void;

function pushVertex(
  positions: number[],
  place: Place,
  at: Float64Array,
  mask: number,
  value: number,
  i: number,
  j: number,
  k: number,
): void {
  let [x, y, z, count] = [0, 0, 0, 0];
  for (const [a, b] of EDGES) {
    if (((mask >> a) & 1) === ((mask >> b) & 1)) continue;
    const t = (value - at[a]!) / (at[b]! - at[a]!);
    x += (a & 1) + t * ((b & 1) - (a & 1));
    y += ((a >> 1) & 1) + t * (((b >> 1) & 1) - ((a >> 1) & 1));
    z += (a >> 2) + t * ((b >> 2) - (a >> 2));
    count++;
  }
  place(positions, i + x / count, j + y / count, k + z / count);
}

/** Index to LPS without a new array for each of the many vertices. */
function placer({ originLps: o, direction: d, spacingMm: s }: VolumeGeometry): Place {
  return (positions, i, j, k) => {
    const [a, b, c] = [i * s[0], j * s[1], k * s[2]];
    positions.push(
      o[0] + d[0][0] * a + d[1][0] * b + d[2][0] * c,
      o[1] + d[0][1] * a + d[1][1] * b + d[2][1] * c,
      o[2] + d[0][2] * a + d[1][2] * b + d[2][2] * c,
    );
  };
}
