/** The presets of the open image, once it has arrived. */
import { useMemo } from 'react';
import { useViewer } from '../viewerStore.ts';
import { presetsFor } from './presetOf.ts';
import type { VolumePreset } from './volumePresets.ts';

export function usePresets(): readonly VolumePreset[] {
  const detail = useViewer((state) => state.detail);
  const volume = useViewer((state) => state.volume);
  const isReady = useViewer((state) => state.loading.state === 'ready');
  return useMemo(
    () => (isReady && detail !== null && volume !== null ? presetsFor(detail, volume) : []),
    [detail, volume, isReady],
  );
}
