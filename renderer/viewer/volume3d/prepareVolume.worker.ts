/** Makes, off the window's thread, the reduced image and its surfaces for the 3D view. Surfaces: LPS mm. */
import { type Isosurface, isosurface } from '#core/rendering/isosurface.ts';
import { reduceVolume, reductionFactors } from '#core/rendering/reduceVolume.ts';
import { smoothVolume } from '#core/rendering/smoothVolume.ts';
import { unitVectors, vertexNormals } from '#core/rendering/surfaceShading.ts';
import { withoutCrumbs } from '#core/rendering/withoutCrumbs.ts';
import type { Volume } from '#core/volume/volume.ts';

export interface PrepareRequest {
  readonly run: number;
  readonly volume: Volume;
  /** Voxels along the longest axis, one answer each: fine first. */
  readonly levels: readonly number[];
  /** Surfaces at these values; none for a volume. */
  readonly values: readonly number[];
}

export interface ShadedSurface extends Isosurface {
  readonly normals: Float32Array<ArrayBuffer>;
}

export interface PreparedLevel {
  readonly volume: Volume;
  readonly surfaces: readonly ShadedSurface[];
}

export interface PrepareAnswer {
  readonly run: number;
  readonly levels: readonly PreparedLevel[];
}

/** Smaller pieces are noise, not anatomy. */
const LEAST_PIECE_MM2 = 60;

self.onmessage = ({ data: { run, volume, levels, values } }: MessageEvent<PrepareRequest>) => {
  const prepared = levels.map((mostVoxels): PreparedLevel => {
    const reduced = reduceVolume(volume, reductionFactors(volume.geometry.size, mostVoxels));
    const smooth = values.length === 0 ? reduced : smoothVolume(reduced);
    const surfaces = values.map((value): ShadedSurface => {
      const surface = withoutCrumbs(isosurface(smooth, value), LEAST_PIECE_MM2);
      return { ...surface, normals: unitVectors(vertexNormals(surface.positions, surface.triangles)) };
    });
    return { volume: reduced, surfaces };
  });
  const answer: PrepareAnswer = { run, levels: prepared };
  const buffers = prepared.flatMap((level) =>
    level.surfaces.flatMap(({ positions, triangles, normals }) => [positions.buffer, triangles.buffer, normals.buffer]),
  );
  // The image itself may be one of the levels, and two levels may be one.
  const images = new Set(prepared.map((level) => level.volume.scalars.buffer as ArrayBuffer));
  self.postMessage(answer, { transfer: [...buffers, ...images] });
};
