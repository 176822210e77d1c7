/** Surfaces of the segments in the 3D view, with their volume beside that of the voxels. */
import { Loader, Slider, Switch } from '@mantine/core';
import { mlInWords } from '../ui/volumeInWords.ts';
import { words } from '../words/index.ts';
import { CollapsibleSection } from './CollapsibleSection.tsx';
import classes from './editor.module.css';
import { useEditor } from './segmentationStore.ts';
import { setSurfaceSmoothing, showSurfaces, useSurfaces } from './surfaceStore.ts';

export function SurfaceSection() {
  const { isShown, smoothing, isWorking, surfaces } = useSurfaces();
  const segments = useEditor((state) => state.current?.content.segments ?? NONE);
  const w = words.editor.surface;
  return (
    <CollapsibleSection title={w.title}>
      <Switch
        size="xs"
        label={w.show}
        checked={isShown}
        onChange={({ currentTarget }) => showSurfaces(currentTarget.checked)}
      />
      <div className={classes['sliderRow']}>
        <span>{w.smoothing}</span>
        <Slider
          size="xs"
          thumbLabel={w.smoothing}
          min={0}
          max={1}
          step={0.05}
          label={null}
          defaultValue={smoothing}
          onChangeEnd={setSurfaceSmoothing}
        />
        <span className={classes['figure']}>{isWorking && <Loader size={12} aria-label={w.working} />}</span>
      </div>
      <ul className={classes['plainList']} aria-label={w.title}>
        {surfaces.map(({ number, volumeMlMask, volumeMlAfter }) => {
          const name = segments.find((s) => s.number === number)?.name ?? '';
          const text = w.figure(name, `${mlInWords(volumeMlMask)} ml`, `${mlInWords(volumeMlAfter)} ml`);
          return (
            <li key={number} className={classes['quiet']}>
              {text}
            </li>
          );
        })}
      </ul>
    </CollapsibleSection>
  );
}

const NONE: readonly never[] = [];
