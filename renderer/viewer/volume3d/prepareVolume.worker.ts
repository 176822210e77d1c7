/** Makes, off the window's thread, the reduced image and its surfaces for the 3D view. Surfaces: LPS mm. */
import { type Isosurface, isosurface } from '#core/rendering/isosurface.ts';
import { reduceVolume, reductionFactors } from '#core/rendering/reduceVolume.ts';
import { vertexNormals } from '#core/rendering/surfaceShading.ts';
import type { Volume } from '#core/volume/volume.ts';

export interface PrepareRequest {
  readonly run: number;
  readonly volume: Volume;
  readonly mostVoxels: number;
  /** Surfaces at these values; none for a volume. */
  readonly values: readonly number[];
}

export interface ShadedSurface extends Isosurface {
  readonly normals: Float32Array<ArrayBuffer>;
}

export interface PrepareAnswer {
  readonly run: number;
  readonly volume: Volume;
  readonly surfaces: readonly ShadedSurface[];
}

self.onmessage = ({ data: { run, volume, mostVoxels, values } }: MessageEvent<PrepareRequest>) => {
  const reduced = reduceVolume(volume, reductionFactors(volume.geometry.size, mostVoxels));
  const surfaces = values.map((value): ShadedSurface => {
    const surface = isosurface(reduced, value);
    return { ...surface, normals: unit(vertexNormals(surface.positions, surface.triangles)) };
  });
  const answer: PrepareAnswer = { run, volume: reduced, surfaces };
  const buffers = surfaces.flatMap(({ positions, triangles, normals }) => [
    positions.buffer,
    triangles.buffer,
    normals.buffer,
  ]);
  self.postMessage(answer, { transfer: [...buffers, reduced.scalars.buffer as ArrayBuffer] });
};

function unit(vectors: Float32Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(vectors.length);
  for (let n = 0; n < vectors.length; n += 3) {
    const size = Math.hypot(vectors[n]!, vectors[n + 1]!, vectors[n + 2]!) || 1;
    for (let axis = 0; axis < 3; axis++) result[n + axis] = vectors[n + axis]! / size;
  }
  return result;
}
