/** The preset in use: the one chosen, or the first that fits the image. */
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { automaticWindow, type WindowLevel } from '#core/rendering/windowLevel.ts';
import type { Scalars, Volume } from '#core/volume/volume.ts';
import { type VolumePreset, volumePresets } from './volumePresets.ts';
import type { VolumeState } from './volumeStore.ts';

/** PET and SPECT are read by their brightest values; they have no skin. */
const EMISSION: ReadonlySet<string> = new Set(['PT', 'NM']);

const windows = new WeakMap<Scalars, WindowLevel>();

/**
 * @param volume complete: images without a fixed scale take their levels from its values, since a window stored in a file may not
 * fit them
 */
export function presetsFor(detail: SeriesDetail, volume: Volume): readonly VolumePreset[] {
  if (detail.volume.unit === 'HU') return volumePresets('HU', detail.volume.window);
  const isEmission = EMISSION.has(detail.series.modality);
  const window = windows.get(volume.scalars) ?? automaticWindow(volume.scalars);
  windows.set(volume.scalars, window);
  const presets = volumePresets(detail.volume.unit, window);
  return isEmission ? presets.toSorted((a, b) => Number(b.id === 'mip') - Number(a.id === 'mip')) : presets;
}

export function presetOf(
  { presetId }: Pick<VolumeState, 'presetId'>,
  presets: readonly VolumePreset[],
): VolumePreset | null {
  return presets.find(({ id }) => id === presetId) ?? presets[0] ?? null;
}
