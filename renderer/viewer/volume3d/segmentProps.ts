/** The segments' surfaces as vtk.js actors: made once a mesh, dressed anew when a segment's colour or visibility changes. LPS mm. */
import type vtkActor from '@kitware/vtk.js/Rendering/Core/Actor.js';
import { coarserSurface } from '#core/rendering/coarserSurface.ts';
import { unitVectors, vertexNormals } from '#core/rendering/surfaceShading.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { SegmentSurface } from '../../editor/surfaceStore.ts';
import { dressSurface, type SurfaceGeometry, surfaceActor } from './vtkParts.ts';

/** Grid of the coarse surface that is shown while the camera moves. */
const MOVING_CELL_MM = 4;

interface SegmentProps {
  readonly surface: SegmentSurface;
  readonly still: vtkActor;
  readonly moving: vtkActor | null;
}

export class SegmentPropsCache {
  #props = new Map<number, SegmentProps>();

  /** @param isSoftware a coarse surface is made beside each fine one, to be shown while moving */
  propsOf(
    surfaces: readonly SegmentSurface[],
    segments: readonly Segment[],
    isSoftware: boolean,
  ): { readonly still: readonly vtkActor[]; readonly moving: readonly vtkActor[] } {
    const next = new Map<number, SegmentProps>();
    for (const surface of surfaces) {
      const segment = segments.find(({ number }) => number === surface.number);
      if (segment?.visible !== true) continue;
      const look = { color: segment.color, opacity: 1 };
      const known = this.#props.get(surface.number);
      const props = known?.surface === surface ? known : made(surface, isSoftware);
      for (const actor of [props.still, props.moving]) if (actor !== null) dressSurface(actor, look);
      next.set(surface.number, props);
    }
    this.#props = next;
    const all = [...next.values()];
    return { still: all.map(({ still }) => still), moving: all.map(({ still, moving }) => moving ?? still) };
  }
}

function made(surface: SegmentSurface, isSoftware: boolean): SegmentProps {
  const look = { color: '#ffffff', opacity: 1 };
  const { mesh } = surface;
  const still = surfaceActor(withNormals(mesh), look);
  const moving = isSoftware ? surfaceActor(withNormals(coarserSurface(mesh, MOVING_CELL_MM)), look) : null;
  return { surface, still, moving };
}

function withNormals({ positions, triangles, normals }: Omit<SurfaceGeometry, 'normals'> & { normals?: Float32Array }) {
  return { positions, triangles, normals: normals ?? unitVectors(vertexNormals(positions, triangles)) };
}
