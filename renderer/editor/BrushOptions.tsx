/** Size, shape, range and overwriting of the brush. The diameter is shown, as on the cursor's ring. */
import { NumberInput, SegmentedControl, Select, Slider, Switch } from '@mantine/core';
import type { Overwrite } from '#core/segmentation/writeMask.ts';
import { Keys } from '../ui/Keys.tsx';
import { PanelSection } from '../ui/PanelSection.tsx';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import { BRUSH_LIMITS_MM, type BrushState, setBrushRadius, useBrush } from './brushStore.ts';
import classes from './editor.module.css';

/** The slider is logarithmic: half of its way is for brushes up to 11 mm. */
const LOG = { min: Math.log(2 * BRUSH_LIMITS_MM.min), max: Math.log(2 * BRUSH_LIMITS_MM.max) };

export function BrushOptions() {
  const { radiusMm, kind, overwrite } = useBrush();
  const w = words.editor.brush;
  return (
    <PanelSection title={w.title} actions={<Keys shortcut="B" />}>
      <div className={classes['row']}>
        <span>{w.diameter}</span>
        <div className={classes['slide']}>
          <Slider
            size="xs"
            thumbLabel={w.diameter}
            {...LOG}
            step={0.01}
            label={null}
            value={Math.log(2 * radiusMm)}
            onChange={(value) => setBrushRadius(Math.exp(value) / 2)}
          />
          <NumberInput
            size="xs"
            aria-label={w.diameter}
            suffix=" mm"
            hideControls
            min={2 * BRUSH_LIMITS_MM.min}
            max={2 * BRUSH_LIMITS_MM.max}
            decimalScale={1}
            value={2 * radiusMm}
            onChange={(value) => typeof value === 'number' && setBrushRadius(value / 2)}
          />
        </div>
      </div>
      <div className={classes['row']}>
        <span>{w.shape}</span>
        <SegmentedControl
          size="xs"
          aria-label={w.shape}
          value={kind}
          data={[
            { value: 'disc', label: w.disc },
            { value: 'ball', label: w.ball },
          ]}
          onChange={(value) => useBrush.setState({ kind: value as BrushState['kind'] })}
        />
      </div>
      <RangeRow />
      <div className={classes['row']}>
        <span>{w.overwrite}</span>
        <Select
          size="xs"
          aria-label={w.overwrite}
          allowDeselect={false}
          value={overwrite}
          data={[
            { value: 'unlocked', label: w.overwriteUnlocked },
            { value: 'empty', label: w.overwriteEmpty },
          ]}
          onChange={(value) => useBrush.setState({ overwrite: value as Overwrite })}
        />
      </div>
    </PanelSection>
  );
}

function RangeRow() {
  const isRangeOn = useBrush((state) => state.isRangeOn);
  const range = useBrush((state) => state.range);
  const window = useViewer((state) => state.window);
  const w = words.editor.brush;
  const shown = range ?? {
    min: Math.round(window.center - window.width / 2),
    max: Math.round(window.center + window.width / 2),
  };
  const set = (change: Partial<typeof shown>) => useBrush.setState({ range: { ...shown, ...change } });
  return (
    <div className={classes['row']}>
      <span>{w.range}</span>
      <div className={classes['rangeFields']}>
        <Switch
          size="xs"
          aria-label={w.rangeSwitch}
          checked={isRangeOn}
          onChange={({ currentTarget }) => useBrush.setState({ isRangeOn: currentTarget.checked, range: shown })}
        />
        <NumberInput
          size="xs"
          aria-label={w.from}
          hideControls
          disabled={!isRangeOn}
          value={shown.min}
          onChange={(value) => typeof value === 'number' && set({ min: value })}
        />
        <NumberInput
          size="xs"
          aria-label={w.to}
          hideControls
          disabled={!isRangeOn}
          value={shown.max}
          onChange={(value) => typeof value === 'number' && set({ max: value })}
        />
      </div>
    </div>
  );
}
