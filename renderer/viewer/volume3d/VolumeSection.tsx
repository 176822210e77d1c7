/** What the 3D view shows: preset, as a volume or a surface, image and segments. */
import { SegmentedControl, Select } from '@mantine/core';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import panels from '../panels/panels.module.css';
import { presetOf } from './presetOf.ts';
import { usePresets } from './usePresets.ts';
import type { VolumePresetId } from './volumePresets.ts';
import { effectiveKind, type ShownIn3d, useVolume3d, type VolumeKind } from './volumeStore.ts';

export function VolumeSection() {
  const settings = useVolume3d();
  const w = words.viewer.volume;
  const presets = usePresets();
  return (
    <PanelSection title={w.section}>
      <div className={panels['row']}>
        <span>{w.presetLabel}</span>
        <Select
          size="xs"
          aria-label={w.presetLabel}
          allowDeselect={false}
          value={presetOf(settings, presets)?.id ?? null}
          data={presets.map(({ id }) => ({ value: id, label: w.presets[id] }))}
          onChange={(id) => useVolume3d.setState({ presetId: id as VolumePresetId | null })}
        />
      </div>
      <div className={panels['row']}>
        <span>{w.kind}</span>
        <SegmentedControl
          size="xs"
          aria-label={w.kind}
          value={effectiveKind(settings)}
          data={(['volume', 'surface'] as const).map((value) => ({ value, label: w.kinds[value] }))}
          onChange={(value) => useVolume3d.setState({ kind: value as VolumeKind })}
        />
      </div>
      <div className={panels['row']}>
        <span>{w.whatLabel}</span>
        <Select
          size="xs"
          aria-label={w.whatLabel}
          allowDeselect={false}
          value={settings.shown}
          data={(['both', 'image', 'segments'] as const).map((value) => ({ value, label: w.what[value] }))}
          onChange={(value) => useVolume3d.setState({ shown: (value ?? 'both') as ShownIn3d })}
        />
      </div>
      {settings.isSoftware && <p className={panels['quiet']}>{w.softwareWhy}</p>}
    </PanelSection>
  );
}
