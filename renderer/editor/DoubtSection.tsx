/** Where the network was unsure: the map's switch and legend, and the places to check, each a click away. State: doubtStore.ts. */
import { Loader, Slider } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useEffect } from 'react';
import { type Command, registerCommands } from '../app/commands.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { PanelSection } from '../ui/PanelSection.tsx';
import { words } from '../words/index.ts';
import { DoubtPlaces } from './DoubtPlaces.tsx';
import classes from './doubt.module.css';
import { doubtfulOf, setDoubtOpacity, showDoubt, stepDoubt, useDoubt } from './doubtStore.ts';
import { useEditor } from './segmentationStore.ts';

export function DoubtSection() {
  const segmentationId = useDoubt((state) => state.segmentationId);
  const subject = useEditor(doubtfulOf);
  const reading = useDoubt((state) => state.reading);
  const isShown = useDoubt((state) => state.isShown);
  const isMeasured = reading === 'measured';
  useEffect(() => (isMeasured ? registerCommands('doubt', doubtCommands()) : undefined), [isMeasured]);
  // Of what a person accepted long ago only a measurement is worth room.
  const isOffered = subject !== null && subject.id === segmentationId && (subject.state === 'proposed' || isMeasured);
  if (!isOffered || reading === 'failed') return null;
  const w = words.doubt;
  return (
    <PanelSection
      title={w.title}
      actions={
        isMeasured && (
          <>
            <IconButton
              icon={IconChevronLeft}
              label={w.previous}
              shortcut="Shift N"
              size="small"
              onClick={() => stepDoubt(-1)}
            />
            <IconButton icon={IconChevronRight} label={w.next} shortcut="N" size="small" onClick={() => stepDoubt(1)} />
            <IconButton
              icon={isShown ? IconEye : IconEyeOff}
              label={isShown ? w.hide : w.show}
              shortcut="U"
              size="small"
              active={isShown}
              onClick={() => showDoubt(!isShown)}
            />
          </>
        )
      }
    >
      {reading === 'reading' && (
        <p className={classes['quiet']}>
          <Loader size={12} /> {w.reading}
        </p>
      )}
      {reading === 'not-measured' && <p className={classes['quiet']}>{w.notMeasured}</p>}
      {isMeasured && isShown && <Legend />}
      {isMeasured && <DoubtPlaces />}
    </PanelSection>
  );
}

/** What the colour says, and how strongly it says it. */
function Legend() {
  const opacity = useDoubt((state) => state.opacity);
  const w = words.doubt;
  return (
    <div className={classes['legend']}>
      <div className={classes['scale']} role="img" aria-label={`${w.legend}: ${w.sure} – ${w.unsure}`}>
        <span className={classes['ramp']} style={{ '--strength': opacity } as React.CSSProperties} />
        <span className={classes['ends']}>
          <span>{w.sure}</span>
          <span>{w.unsure}</span>
        </span>
      </div>
      <div className={classes['strength']}>
        <span>{w.opacity}</span>
        <Slider
          size="xs"
          thumbLabel={w.opacity}
          label={null}
          min={0.2}
          max={1}
          step={0.05}
          value={opacity}
          onChange={setDoubtOpacity}
        />
        <span className={classes['figure']}>{w.opacityOf(Math.round(100 * opacity))}</span>
      </div>
    </div>
  );
}

function doubtCommands(): Command[] {
  const w = words.doubt;
  const group = w.title;
  return [
    { id: 'doubt-next', label: w.next, group, shortcut: 'N', run: () => stepDoubt(1) },
    { id: 'doubt-previous', label: w.previous, group, shortcut: 'Shift N', run: () => stepDoubt(-1) },
    {
      id: 'doubt-show',
      label: w.show,
      group,
      shortcut: 'U',
      run: () => showDoubt(!useDoubt.getState().isShown),
    },
  ];
}
