/** CT bone by one click: a segment “Bone” where there is none, then the preset's result as a preview to accept. */
import { CUSTOMARY_COLORS } from '#core/segmentation/palette.ts';
import { BONE } from '#core/segmentation/terminology.ts';
import { startOperation } from './operationStore.ts';
import { addSegment, deleteSegment } from './segmentActs.ts';
import { useEditor } from './segmentationStore.ts';

/** The segment that was added for the preview, and goes with it. */
let added: number | null = null;

export async function proposeBone(): Promise<void> {
  added = null;
  const segments = useEditor.getState().current?.content.segments ?? [];
  const bone = segments.find(({ codes, locked }) => codes.type.value === BONE.type.value && !locked);
  if (bone) useEditor.setState({ activeSegment: bone.number });
  else {
    const properties = {
      name: BONE.type.meaning,
      codes: BONE,
      color: CUSTOMARY_COLORS.bone,
      origin: 'preset' as const,
    };
    const segment = await addSegment(properties);
    if (!segment) return;
    added = segment.number;
  }
  await startOperation({ operationId: 'ctBone', values: {}, isPreview: true, source: 'preset' });
}

export function rejectBone(): void {
  const { current } = useEditor.getState();
  if (added !== null && (current?.content.voxels.get(added) ?? 0) === 0) deleteSegment(added);
  added = null;
}
