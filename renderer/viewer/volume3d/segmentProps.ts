/** The segments' surfaces as vtk.js actors: made once a mesh, dressed anew when a segment's colour or visibility changes. LPS mm. */
import type vtkActor from '@kitware/vtk.js/Rendering/Core/Actor.js';
import { coarserSurface } from '#core/rendering/coarserSurface.ts';
import { unitVectors, vertexNormals } from '#core/rendering/surfaceShading.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { SegmentSurface } from '../../editor/surfaceStore.ts';
import { dressSurface, type SurfaceGeometry, surfaceActor } from './vtkParts.ts';

/** Of all segments together: what a program that stands in for the graphics processor draws in about a third of a second, and in a twentieth. */
const MOST_TRIANGLES_AT_REST = 350_000;
const MOST_TRIANGLES_MOVING = 50_000;
/** The first grid to try, and where to stop: coarser is no picture any more. */
const CELL_RANGE_MM = [1, 12] as const;

type Mesh = Omit<SurfaceGeometry, 'normals'> & { readonly normals?: Float32Array };

interface SegmentProps {
  readonly surface: SegmentSurface;
  /** The part of the triangles' limits that it was made for. */
  readonly share: number;
  readonly still: vtkActor;
  readonly moving: vtkActor | null;
}

export class SegmentPropsCache {
  #props = new Map<number, SegmentProps>();

  readonly #opacity: number;

  /** @param opacity 0 … 1, of all of them */
  constructor(opacity: number) {
    this.#opacity = opacity;
  }

  /** @param isSoftware a coarse surface is made beside each fine one, to be shown while moving */
  propsOf(
    surfaces: readonly SegmentSurface[],
    segments: readonly Segment[],
    isSoftware: boolean,
  ): { readonly still: readonly vtkActor[]; readonly moving: readonly vtkActor[] } {
    const next = new Map<number, SegmentProps>();
    const unit = trianglesIn(surfaces);
    for (const surface of surfaces) {
      const segment = segments.find(({ number }) => number === surface.number);
      if (segment?.visible !== true) continue;
      const look = { color: segment.color, opacity: this.#opacity };
      const known = this.#props.get(surface.number);
      const share = isSoftware ? surface.mesh.triangles.length / 3 / unit : 1;
      const props =
        known?.surface === surface && known.share === share ? known : this.#made(surface, share, isSoftware);
      dressSurface(props.still, look);
      // See-through costs several times as much: while it moves, a program draws it solid.
      if (props.moving !== null) dressSurface(props.moving, { ...look, opacity: 1 });
      next.set(surface.number, props);
    }
    this.#props = next;
    const all = [...next.values()];
    return { still: all.map(({ still }) => still), moving: all.map(({ still, moving }) => moving ?? still) };
  }

  #made(surface: SegmentSurface, share: number, isSoftware: boolean): SegmentProps {
    const look = { color: '#ffffff', opacity: 1 };
    const { mesh } = surface;
    if (!isSoftware) return { surface, share, still: surfaceActor(withNormals(mesh), look), moving: null };
    const fine = within(mesh, MOST_TRIANGLES_AT_REST * share);
    const still = surfaceActor(withNormals(fine), look);
    const coarse = within(fine, MOST_TRIANGLES_MOVING * share);
    return {
      surface,
      share,
      still,
      moving: coarse === fine && this.#opacity === 1 ? null : surfaceActor(withNormals(coarse), look),
    };
  }
}

/** @returns the triangles of all, rounded up generously, so that one more segment seldom makes all others anew */
function trianglesIn(surfaces: readonly SegmentSurface[]): number {
  const sum = surfaces.reduce((total, { mesh }) => total + mesh.triangles.length / 3, 0);
  return 4 ** Math.ceil(Math.log(Math.max(1, sum)) / Math.log(4));
}

/** @returns the mesh itself when it is small enough */
function within(mesh: Mesh, mostTriangles: number): Mesh {
  let result = mesh;
  for (
    let cell: number = CELL_RANGE_MM[0];
    result.triangles.length / 3 > mostTriangles && cell <= CELL_RANGE_MM[1];
    cell *= 2
  ) {
    result = coarserSurface(mesh, cell);
  }
  return result;
}

function withNormals({ positions, triangles, normals }: Mesh) {
  return { positions, triangles, normals: normals ?? unitVectors(vertexNormals(positions, triangles)) };
}
