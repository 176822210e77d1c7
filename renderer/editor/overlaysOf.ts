/** What the views draw of the editor's state: the segmentation, the proposal beside it, the preview on top. */
import type { IndexBox } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Overlay } from '../viewer/overlay.ts';
import { leftOutOfProposal } from './leftOut.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import type { EditorState } from './segmentationStore.ts';

export function overlaysOf(
  { current, proposal, leftOut, preview }: Pick<EditorState, 'current' | 'proposal' | 'leftOut' | 'preview'>,
  revision: number,
  changed: IndexBox | null,
): readonly Overlay[] {
  const of = (loaded: LoadedSegmentation | null): Overlay[] =>
    loaded
      ? [
          {
            segmentationId: loaded.id,
            style: loaded.state === 'proposed' ? 'proposed' : 'accepted',
            layers: loaded.content.layers,
            segments: loaded.content.segments,
            revision,
            changed,
          },
        ]
      : [];
  const proposed = of(proposal).map((overlay) => ({
    ...overlay,
    segments: hiddenWhereRejected(overlay.segments, leftOutOfProposal({ proposal, leftOut })),
  }));
  const shown: Overlay[] = preview
    ? [
        {
          segmentationId: 'preview',
          style: 'preview',
          layers: [preview.overlay.layer],
          segments: [{ ...preview.overlay.segment, number: 1, layer: 0, visible: true }],
          revision,
          changed: null,
        },
      ]
    : [];
  return [...of(current), ...proposed, ...shown];
}

/** What a person leaves out of a proposal is not drawn: what is seen is what will be accepted. */
export function hiddenWhereRejected(segments: readonly Segment[], rejected: ReadonlySet<number>): readonly Segment[] {
  return segments.map((segment) => (rejected.has(segment.number) ? { ...segment, visible: false } : segment));
}
