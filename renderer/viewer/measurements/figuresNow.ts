/** The figures of a measurement as far as the image has arrived: values of voxels that are not there yet would be made up. */
import type { Measurement } from '#contract/schemas/measurement.ts';
import { measure } from '#core/measurement/measure.ts';
import { useViewer } from '../viewerStore.ts';

const OF_THE_IMAGE: ReadonlySet<string> = new Set(['value', 'mean', 'standardDeviation', 'minimum', 'maximum']);

/** @returns lengths, angles and areas at once; the image's values when all of it is there. Points: LPS mm */
export function figuresNow({
  kind,
  pointsLps,
  normalLps,
}: Pick<Measurement, 'kind' | 'pointsLps' | 'normalLps'>): Measurement['values'] {
  const { volume, loading } = useViewer.getState();
  if (volume === null) return {};
  const figures = measure(kind, pointsLps, normalLps, volume);
  if (loading.state === 'ready') return figures;
  return Object.fromEntries(Object.entries(figures).filter(([name]) => !OF_THE_IMAGE.has(name)));
}
