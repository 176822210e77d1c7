/** The grey window: presets, typed width and level, inverted. In the modality's unit. */
import { NumberInput, Switch } from '@mantine/core';
import { useMemo } from 'react';
import { leastWidth } from '#core/rendering/windowLevel.ts';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import { useViewer } from '../viewerStore.ts';
import { windowPresets } from '../windowPresets.ts';
import classes from './panels.module.css';

export function WindowSection() {
  const detail = useViewer((state) => state.detail);
  const volume = useViewer((state) => state.volume);
  const isReady = useViewer((state) => state.loading.state === 'ready');
  const { center, width, invert } = useViewer((state) => state.window);
  const { setWindow } = useViewer.getState();
  // The automatic window looks at all values: again when they are all there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the volume's buffer fills up in place
  const presets = useMemo(
    () => (detail === null || volume === null ? [] : windowPresets(detail, volume)),
    [detail, volume, isReady],
  );
  const inUse = presets.find(({ window }) => window.center === center && window.width === width);
  const w = words.viewer.panels;
  const unit = detail?.volume.unit ? ` ${detail.volume.unit}` : '';
  const least = volume === null ? 1 : leastWidth(volume.scalars);
  const step = width < 50 ? width / 50 : 10;
  const typed = (value: number | string, set: (n: number) => void) => {
    const number = Number(value);
    if (value !== '' && Number.isFinite(number)) set(number);
  };
  return (
    <PanelSection title={w.window}>
      <div className={classes['presets']}>
        {presets.map(({ id, window, digit }) => (
          <button
            key={id}
            type="button"
            className={classes['preset']}
            title={`Shift ${digit}`}
            aria-pressed={id === inUse?.id}
            onClick={() => setWindow(window)}
          >
            {w.presets[id]}
          </button>
        ))}
      </div>
      <div className={classes['pair']}>
        <NumberInput
          size="xs"
          aria-label={w.widthLabel}
          leftSection={w.width}
          value={width}
          min={least}
          step={step}
          suffix={unit}
          decimalScale={2}
          onChange={(value) => typed(value, (number) => number >= least && setWindow({ width: number }))}
        />
        <NumberInput
          size="xs"
          aria-label={w.levelLabel}
          leftSection={w.level}
          value={center}
          step={step}
          suffix={unit}
          decimalScale={2}
          onChange={(value) => typed(value, (number) => setWindow({ center: number }))}
        />
      </div>
      <div className={classes['switches']}>
        <Switch
          label={w.invert}
          checked={invert === true}
          onChange={(event) => setWindow({ invert: event.currentTarget.checked })}
        />
      </div>
    </PanelSection>
  );
}
