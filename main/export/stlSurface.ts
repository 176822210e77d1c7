/** Segments as one binary STL, LPS mm, each a closed surface of its own. */
import { writeStl } from '#core/formats/stl.ts';
import { extractSurface } from '#core/meshing/buildSurface.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ExportSource } from './exportSource.ts';

export function stlSurface(source: ExportSource, context: JobContext): Uint8Array {
  const { segments, layers, detail } = source;
  const meshes = segments.map(({ number, layer }, n) => {
    context.signal.throwIfAborted();
    context.progress(n, segments.length, 'segments', 'Building the surface');
    return extractSurface(layers[layer]!, number, source.geometry);
  });
  if (segments.length > 1) {
    source.notes.push(`The file holds ${segments.length} surfaces; STL has no names or colours to tell them apart.`);
  }
  return writeStl(meshes, { name: segments.length === 1 ? (segments[0]?.name ?? '') : detail.name });
}
