/** What the views draw of the editor's state: the segmentation, the proposal beside it, the preview on top. */
import type { IndexBox } from '#core/segmentation/labelmap.ts';
import type { Overlay } from '../viewer/overlay.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import type { EditorState } from './segmentationStore.ts';

export function overlaysOf(
  { current, proposal, rejected, preview }: Pick<EditorState, 'current' | 'proposal' | 'rejected' | 'preview'>,
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
    segments: overlay.segments.map((s) => (rejected.has(s.number) ? { ...s, visible: false } : s)),
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
