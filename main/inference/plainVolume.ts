/** What the inference process is told of a volume before its voxels come through the pipe. */
import { scalarTypeOf, type Volume } from '#core/volume/volume.ts';
import type { RunOrder } from './inferenceMessages.ts';

/** The four fields of the geometry alone: a volume may carry more than the process should know. */
export function plainVolume({ geometry, scalars }: Volume): Pick<RunOrder, 'geometry' | 'scalarType'> {
  const { size, spacingMm, originLps, direction } = geometry;
  return { geometry: { size, spacingMm, originLps, direction }, scalarType: scalarTypeOf(scalars) };
}
