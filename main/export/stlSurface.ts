/** Segments as one binary STL, LPS mm, each a closed, smoothed surface of its own that holds the volume of its voxels. */
import { writeStl } from '#core/formats/stl.ts';
import { buildSurface } from '#core/meshing/buildSurface.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ExportSource } from './exportSource.ts';

/** Takes the steps of the voxels away and leaves the shape. */
const SMOOTHING = 0.5;

export function stlSurface(source: ExportSource, progress: JobContext['progress']): Uint8Array {
  const { segments, layers, detail, geometry, notes } = source;
  const meshes = segments.map(({ number, name, layer }, n) => {
    progress(n, segments.length, 'segments', 'Building the surface');
    const { mesh, ...volumes } = buildSurface(layers[layer]!, number, geometry, { smoothing: SMOOTHING });
    const [mask, before, after] = [volumes.volumeMlMask, volumes.volumeMlBefore, volumes.volumeMlAfter].map(
      millilitres,
    );
    notes.push(`${name}: the mask holds ${mask} ml; its surface ${before} ml when smoothed, ${after} ml as written.`);
    return mesh;
  });
  if (segments.length > 1) {
    notes.push(`The file holds ${segments.length} surfaces; STL has no names or colours to tell them apart.`);
  }
  progress(segments.length, segments.length, 'segments', 'Writing the file');
  return writeStl(meshes, { name: segments.length === 1 ? (segments[0]?.name ?? '') : detail.name });
}

function millilitres(ml: number): string {
  return ml.toFixed(ml < 10 ? 3 : 1);
}
