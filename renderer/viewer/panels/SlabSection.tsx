/** Thick slices: which projection, over how many millimetres. */
import { NumberInput, SegmentedControl, Slider } from '@mantine/core';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import { type SlabSetting, useViewer } from '../viewerStore.ts';
import classes from './panels.module.css';

const MODES = ['off', 'maximum', 'minimum', 'mean'] as const;
const RANGE_MM = [1, 100] as const;

export function SlabSection() {
  const { mode, thicknessMm } = useViewer((state) => state.slab);
  const { setSlab } = useViewer.getState();
  const w = words.viewer.panels;
  return (
    <PanelSection title={w.slab}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={w.slab}
        value={mode}
        data={MODES.map((value) => ({ value, label: w.slabModes[value] }))}
        onChange={(value) => setSlab({ mode: value as SlabSetting['mode'] })}
      />
      {mode !== 'off' && (
        <div className={classes['row']}>
          <span>{w.thickness}</span>
          <div className={classes['slide']}>
            <Slider
              aria-label={w.thickness}
              value={thicknessMm}
              min={RANGE_MM[0]}
              max={RANGE_MM[1]}
              label={null}
              size={4}
              onChange={(value) => setSlab({ thicknessMm: value })}
            />
            <NumberInput
              size="xs"
              aria-label={w.thickness}
              value={thicknessMm}
              min={RANGE_MM[0]}
              max={RANGE_MM[1]}
              suffix=" mm"
              hideControls
              onChange={(value) => Number(value) >= RANGE_MM[0] && setSlab({ thicknessMm: Number(value) })}
            />
          </div>
        </div>
      )}
    </PanelSection>
  );
}
