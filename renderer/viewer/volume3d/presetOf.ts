/** The preset in use: the one chosen, or the first that fits the image. */
import type { SeriesDetail } from '#contract/schemas.ts';
import { type VolumePreset, volumePresets } from './volumePresets.ts';
import type { VolumeState } from './volumeStore.ts';

export function presetOf(
  { presetId }: Pick<VolumeState, 'presetId'>,
  detail: SeriesDetail | null,
): VolumePreset | null {
  if (detail === null) return null;
  const presets = volumePresets(detail.volume.unit, detail.volume.window);
  return presets.find(({ id }) => id === presetId) ?? presets[0] ?? null;
}
