/** The doubt of a segmentation as a NIfTI file: float32, 0 … 1, on the series' own grid. */
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { DOUBT_STEPS } from '#core/inference/measureDoubt.ts';
import { writeMapFile } from './mapFile.ts';
import type { CliSession } from './session.ts';

export async function writeDoubtFile(
  session: CliSession,
  segmentationId: string,
  geometry: SegmentationDetail['geometry'],
  file: string,
): Promise<void> {
  const bytes = await session.blob(blobRoutes.doubt(segmentationId));
  // Not scaled integers: 1/255 as a float32 slope would read back as a little more than 1.
  const scalars = Float32Array.from(bytes, (value) => value / DOUBT_STEPS);
  await writeMapFile(scalars, geometry, file, 'Lantern uncertainty');
}
