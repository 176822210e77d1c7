/** Threshold with histogram and a live preview, and the one-click bone of a CT. The preview is hatched until it is applied. */
import { Button, Loader, NumberInput, RangeSlider } from '@mantine/core';
import { IconBone } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { PanelSection } from '../ui/PanelSection.tsx';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import { proposeBone, rejectBone } from './boneActs.ts';
import classes from './editor.module.css';
import { HistogramPicture } from './HistogramPicture.tsx';
import { histogramOf } from './histogramOf.ts';
import { OverwriteField, TakenNotice } from './OverwriteField.tsx';
import { applyPreview, dropPreview, startOperation, stopOperation, useOperations } from './operationStore.ts';
import { useEditor } from './segmentationStore.ts';
import { setThreshold, useThreshold } from './thresholdStore.ts';

const PREVIEW_AFTER_MS = 150;
const OWN = ['threshold', 'ctBone'];

export function ThresholdOptions() {
  const volume = useViewer((state) => state.volume);
  const detail = useViewer((state) => state.detail);
  const isReady = useViewer((state) => state.loading.state === 'ready');
  const chosen = useThreshold();
  const preview = useEditor((state) => state.preview);
  const running = useOperations((state) => state.running);
  const range = detail?.volume.range ?? { min: 0, max: 1 };
  const isHu = detail?.volume.unit === 'HU';
  const histogram = useMemo(() => (volume && isReady ? histogramOf(volume, range) : null), [volume, isReady, range]);
  const lower = chosen.lower ?? (isHu ? 200 : Math.round((range.min + range.max) / 2));
  const upper = chosen.upper ?? range.max;
  const isBone = preview?.edit.code === 'operation/ctBone';
  usePreview(chosen.lower !== null || chosen.upper !== null, lower, upper);
  useEffect(() => stopOperation, []);
  const w = words.editor.threshold;
  return (
    <PanelSection title={w.title} actions={running && <Loader size={12} aria-label={w.working(running.label)} />}>
      {histogram && <HistogramPicture histogram={histogram} lower={lower} upper={upper} />}
      <RangeSlider
        className={classes['rangeTrack'] ?? ''}
        size="xs"
        label={null}
        aria-label={w.range}
        thumbFromLabel={w.lower}
        thumbToLabel={w.upper}
        min={range.min}
        max={range.max}
        minRange={0}
        step={Number.isInteger(range.min) ? 1 : (range.max - range.min) / 500}
        value={[lower, upper]}
        onChange={([from, to]) => setThreshold({ lower: from, upper: to })}
      />
      <div className={classes['fieldRow']}>
        <NumberInput
          size="xs"
          aria-label={w.lower}
          hideControls
          suffix={isHu ? ' HU' : ''}
          value={lower}
          onChange={(value) => typeof value === 'number' && setThreshold({ lower: value, upper })}
        />
        <NumberInput
          size="xs"
          aria-label={w.upper}
          hideControls
          suffix={isHu ? ' HU' : ''}
          value={upper}
          onChange={(value) => typeof value === 'number' && setThreshold({ lower, upper: value })}
        />
      </div>
      <OverwriteField />
      <TakenNotice ids={OWN} isDone={preview === null} />
      {isBone && <p className={classes['quiet']}>{w.bonePreview}</p>}
      <div className={classes['buttons']}>
        <Button
          size="compact-sm"
          color={isBone ? 'accept' : 'action'}
          disabled={!isReady || (isBone && running !== null)}
          onClick={() => (preview ? applyPreview() : void applyThreshold(lower, upper))}
        >
          {isBone ? w.accept : w.apply}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!preview && !running}
          onClick={() => {
            stopOperation();
            if (isBone) rejectBone();
            useThreshold.setState({ lower: null, upper: null });
          }}
        >
          {w.cancel}
        </Button>
        {isHu && (
          <Button
            size="compact-sm"
            variant="default"
            title={w.boneHint}
            disabled={!isReady || running !== null}
            leftSection={<IconBone size={14} stroke={1.6} aria-hidden />}
            onClick={() => {
              // Bounds that were set before would preview themselves over the bone as soon as its segment is the active one.
              useThreshold.setState({ lower: null, upper: null });
              void proposeBone();
            }}
          >
            {w.bone}
          </Button>
        )}
      </div>
    </PanelSection>
  );
}

async function applyThreshold(lower: number, upper: number): Promise<void> {
  await startOperation({ operationId: 'threshold', values: { lower, upper }, isPreview: false });
}

/** Shows what the bounds would take, a moment after the hand rests; older answers are thrown away. */
function usePreview(isWanted: boolean, lower: number, upper: number): void {
  const active = useEditor((state) => state.activeSegment);
  const overwrite = useOperations((state) => state.overwrite);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what may be overwritten changes what the run finds
  useEffect(() => {
    if (!isWanted || active === null) return;
    const timer = setTimeout(
      () => void startOperation({ operationId: 'threshold', values: { lower, upper }, isPreview: true }),
      PREVIEW_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [isWanted, lower, upper, active, overwrite]);
  useEffect(() => dropPreview, []);
}
