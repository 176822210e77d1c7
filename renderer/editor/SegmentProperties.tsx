/** What can be set of the active segment: name, coded type, colour, how it is drawn; and its end. */
import { ColorInput, SegmentedControl, Select, Slider, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { CUSTOMARY_COLORS, SEGMENT_COLORS } from '#core/segmentation/palette.ts';
import type { Segment, SegmentCodes } from '#core/segmentation/segment.ts';
import { TERMS } from '#core/segmentation/terminology.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { changeSegment, deleteSegment, moveSegment } from './segmentActs.ts';
import { useEditor } from './segmentationStore.ts';

export function SegmentProperties({ segment }: { readonly segment: Segment }) {
  const { number, name, color, codes, display, locked } = segment;
  const w = words.editor.segments;
  return (
    <div className={classes['properties']}>
      <div className={classes['fieldRow']}>
        <TextInput
          size="xs"
          key={name}
          aria-label={w.name}
          defaultValue={name}
          onBlur={({ currentTarget: { value } }) => value.trim() && changeSegment(number, { name: value.trim() })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <ColorInput
          size="xs"
          key={color}
          aria-label={w.color}
          eyeDropperButtonProps={{ 'aria-label': w.pickColor }}
          format="hex"
          swatches={[...SEGMENT_COLORS, ...Object.values(CUSTOMARY_COLORS)]}
          defaultValue={color}
          onChangeEnd={(value) => /^#[0-9a-f]{6}$/i.test(value) && changeSegment(number, { color: value })}
        />
      </div>
      <Select
        size="xs"
        aria-label={w.code}
        searchable
        allowDeselect={false}
        value={termOf(codes)}
        data={TERMS.map((term) => ({ value: term.name, label: term.name }))}
        onChange={(value) => applyTerm(segment, value)}
        maxDropdownHeight={240}
      />
      <div className={classes['fieldRow']}>
        <SegmentedControl
          size="xs"
          aria-label={w.display.label}
          value={display}
          data={(['both', 'outline', 'fill'] as const).map((value) => ({ value, label: w.display[value] }))}
          onChange={(value) => changeSegment(number, { display: value as Segment['display'] })}
        />
        <div className={classes['rowButtons']}>
          <MoveButtons number={number} />
          <IconButton
            icon={IconTrash}
            label={locked ? w.locked : w.remove}
            disabled={locked}
            onClick={() => deleteSegment(number)}
          />
        </div>
      </div>
      <OpacityField key={`${number} ${segment.opacity}`} segment={segment} />
    </div>
  );
}

function MoveButtons({ number }: { readonly number: number }) {
  const at = useEditor((state) => state.current?.content.segments.findIndex((s) => s.number === number) ?? -1);
  const count = useEditor((state) => state.current?.content.segments.length ?? 0);
  const w = words.editor.segments;
  if (count < 2) return null;
  return (
    <>
      <IconButton
        icon={IconArrowUp}
        label={w.up}
        shortcut="Alt ↑"
        disabled={at <= 0}
        onClick={() => moveSegment(number, -1)}
      />
      <IconButton
        icon={IconArrowDown}
        label={w.down}
        shortcut="Alt ↓"
        disabled={at < 0 || at === count - 1}
        onClick={() => moveSegment(number, 1)}
      />
    </>
  );
}

/** Follows the hand while it drags; one edit when it lets go. */
function OpacityField({ segment }: { readonly segment: Segment }) {
  const [percent, setPercent] = useState(Math.round(segment.opacity * 100));
  return (
    <div className={classes['sliderRow']}>
      <span>{words.editor.segments.opacity}</span>
      <Slider
        size="xs"
        thumbLabel={words.editor.segments.opacity}
        value={percent}
        label={(value) => `${value} %`}
        onChange={setPercent}
        onChangeEnd={(value) => changeSegment(segment.number, { opacity: value / 100 })}
      />
      <span className={classes['figure']}>{percent} %</span>
    </div>
  );
}

/** A code brings its name and customary colour along while the segment still has the ones it was given. */
function applyTerm(segment: Segment, name: string | null): void {
  const term = TERMS.find((each) => each.name === name);
  if (!term) return;
  const hasOwnName = !/^Segment \d+$/.test(segment.name) && !TERMS.some((each) => each.name === segment.name);
  changeSegment(segment.number, {
    codes: term.codes,
    ...(hasOwnName ? {} : { name: term.name }),
    ...(term.color ? { color: term.color } : {}),
  });
}

function termOf(codes: SegmentCodes): string | null {
  const same = TERMS.find(
    (term) => term.codes.type.value === codes.type.value && term.codes.modifier?.value === codes.modifier?.value,
  );
  return same?.name ?? null;
}
