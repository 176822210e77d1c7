/** What an operation may take from other segments, and in words and millilitres what it does take. */
import { Select } from '@mantine/core';
import type { Overwrite } from '#core/segmentation/writeMask.ts';
import { volumeInWords } from '../ui/volumeInWords.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { useOperations } from './operationStore.ts';
import { useEditor } from './segmentationStore.ts';

export function OverwriteField() {
  const overwrite = useOperations((state) => state.overwrite);
  const w = words.editor.brush;
  return (
    <div className={classes['row']}>
      <span>{w.overwrite}</span>
      <Select
        size="xs"
        aria-label={words.editor.operations.overwrite}
        allowDeselect={false}
        value={overwrite}
        data={[
          { value: 'empty', label: w.overwriteEmpty },
          { value: 'unlocked', label: w.overwriteUnlocked },
        ]}
        onChange={(value) => useOperations.setState({ overwrite: value as Overwrite })}
      />
    </div>
  );
}

/** @param ids operations that it speaks for @param isDone whether it is a preview still, or committed */
export function TakenNotice({ ids, isDone }: { readonly ids: readonly string[]; readonly isDone: boolean }) {
  const taken = useOperations((state) => state.taken);
  const segments = useEditor((state) => state.current?.content.segments);
  const geometry = useViewer((state) => state.volume?.geometry);
  if (!taken || !geometry || !ids.includes(taken.operationId) || taken.voxels.size === 0) return null;
  const parts = [...taken.voxels].map(([number, voxels]) => ({
    name: segments?.find((s) => s.number === number)?.name ?? '',
    volume: volumeInWords(geometry, voxels),
  }));
  const w = words.editor.operations;
  return (
    <p className={classes['problem']} role="status">
      {isDone ? w.hasTaken(parts) : w.willTake(parts)}
    </p>
  );
}
