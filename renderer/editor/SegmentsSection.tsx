/** The list of segments: one row each, the active one marked; below it what can be set of the active one. */
import { Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { IconButton } from '../ui/IconButton.tsx';
import { PanelSection } from '../ui/PanelSection.tsx';
import { currentTool, pickTool } from '../viewer/tools/currentTool.ts';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { chooseSegmentation } from './openEditor.ts';
import { SegmentProperties } from './SegmentProperties.tsx';
import { SegmentRow } from './SegmentRow.tsx';
import { addSegment } from './segmentActs.ts';
import { useEditor } from './segmentationStore.ts';
import { editorTools } from './tools/index.ts';

export function SegmentsSection() {
  const current = useEditor((state) => state.current);
  const active = useEditor((state) => state.activeSegment);
  const list = useEditor((state) => state.list);
  const isReady = useEditor((state) => state.loading === 'ready');
  const w = words.editor.segments;
  const accepted = list.filter((s) => s.state === 'accepted');
  const segments = current?.content.segments ?? [];
  const chosen = segments.find(({ number }) => number === active);
  return (
    <PanelSection
      title={w.title}
      actions={<IconButton icon={IconPlus} label={w.add} disabled={!isReady} onClick={() => void addAndPaint()} />}
    >
      {accepted.length > 1 && (
        <Select
          size="xs"
          mb={6}
          aria-label={w.chosen}
          allowDeselect={false}
          value={current?.id ?? null}
          data={accepted.map(({ id, name }, n) => ({ value: id, label: `${n + 1} · ${name}` }))}
          onChange={(id) => id !== null && void chooseSegmentation(id)}
        />
      )}
      <ul className={classes['segments']} aria-label={w.label}>
        {segments.map((segment) => (
          <SegmentRow
            key={segment.number}
            segment={segment}
            voxels={current?.content.voxels.get(segment.number) ?? 0}
            isActive={segment.number === active}
          />
        ))}
      </ul>
      {isReady && segments.length === 0 && <p className={classes['quiet']}>{w.empty}</p>}
      {chosen && <SegmentProperties key={chosen.number} segment={chosen} />}
    </PanelSection>
  );
}

/** Who adds a segment wants to fill it: the brush comes to hand, unless a tool that fills already is. */
async function addAndPaint(): Promise<void> {
  const tool = currentTool();
  if (!editorTools.some(({ id }) => id === tool?.id)) pickTool('brush');
  await addSegment();
}
