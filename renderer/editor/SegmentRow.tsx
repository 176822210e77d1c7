/**
 * One segment: colour, name, volume, shown, locked. A click makes it the active one, a double click or F2 renames it in place,
 * Alt with an arrow key moves it in the list.
 */
import { TextInput } from '@mantine/core';
import { IconEye, IconEyeOff, IconLock, IconLockOpen } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Segment } from '#core/segmentation/segment.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { volumeInWords } from '../ui/volumeInWords.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { changeSegment, moveSegment } from './segmentActs.ts';
import { useEditor } from './segmentationStore.ts';

export interface SegmentRowProps {
  readonly segment: Segment;
  readonly voxels: number;
  readonly isActive: boolean;
}

export function SegmentRow({ segment, voxels, isActive }: SegmentRowProps) {
  const { number, name, color, visible, locked, origin } = segment;
  const geometry = useViewer((state) => state.volume?.geometry);
  const [isRenaming, setRenaming] = useState(false);
  const takesFocusBack = useRef(false);
  const w = words.editor.segments;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
    if (event.key === 'F2') setRenaming(true);
    else if (event.altKey && step !== null) moveSegment(number, step);
    else return;
    // The views scroll with the same keys.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <li className={classes['segment']} data-active={isActive || undefined}>
      {isRenaming ? (
        <NameField
          segment={segment}
          onDone={(byKey) => {
            takesFocusBack.current = byKey;
            setRenaming(false);
          }}
        />
      ) : (
        <button
          type="button"
          className={classes['segmentButton']}
          ref={(button) => {
            // Who renamed by keyboard goes on from the same row.
            if (button && takesFocusBack.current) button.focus();
            takesFocusBack.current = false;
          }}
          aria-pressed={isActive}
          onClick={() => useEditor.setState({ activeSegment: number })}
          onDoubleClick={() => setRenaming(true)}
          onKeyDown={onKeyDown}
          aria-keyshortcuts="F2 Alt+ArrowUp Alt+ArrowDown"
          title={w.rowHint}
        >
          <span className={classes['swatch']} style={{ background: color }} aria-hidden />
          <span className={classes['name']}>{name}</span>
          {origin === 'model' && (
            <StatusBadge tone="ai" title={words.editor.proposal.aiTitle}>
              {words.editor.proposal.ai}
            </StatusBadge>
          )}
          <span className={classes['figure']}>{geometry ? volumeInWords(geometry, voxels) : ''}</span>
        </button>
      )}
      <IconButton
        size="small"
        icon={visible ? IconEye : IconEyeOff}
        label={visible ? w.hide(name) : w.show(name)}
        onClick={() => changeSegment(number, { visible: !visible })}
      />
      <IconButton
        size="small"
        icon={locked ? IconLock : IconLockOpen}
        label={locked ? w.unlock(name) : w.lock(name)}
        onClick={() => changeSegment(number, { locked: !locked })}
      />
    </li>
  );
}

interface NameFieldProps {
  readonly segment: Segment;
  readonly onDone: (byKey: boolean) => void;
}

function NameField({ segment, onDone }: NameFieldProps) {
  const keep = (value: string, byKey: boolean) => {
    if (value.trim() !== '') changeSegment(segment.number, { name: value.trim() });
    onDone(byKey);
  };
  return (
    <TextInput
      size="xs"
      className={classes['nameField'] ?? ''}
      aria-label={words.editor.segments.name}
      defaultValue={segment.name}
      autoFocus
      onFocus={({ currentTarget }) => currentTarget.select()}
      onBlur={({ currentTarget }) => keep(currentTarget.value, false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep(event.currentTarget.value, true);
        if (event.key === 'Escape') onDone(true);
      }}
    />
  );
}
