/**
 * A segmentation as the views draw it. The editor provides the overlays (renderer/editor/segmentationStore.ts), the viewer draws
 * them; labelmaps are mutable buffers, so a change is told by `revision` and, for a stroke, by the box that changed.
 */
import type { ScalarOverlay } from '#core/rendering/scalarOverlay.ts';
import type { IndexBox, Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';

export interface Overlay {
  readonly segmentationId: string;
  /**
   * accepted: solid outline and flat fill; proposed and preview: dashed outline and hatched fill; coarse: a pale dotted outline and
   * paler hatching, for what is shown for a moment and never kept.
   */
  readonly style: 'accepted' | 'proposed' | 'preview' | 'coarse';
  /** One labelmap a layer, at the segment's `layer` index. */
  readonly layers: readonly Labelmap[];
  readonly segments: readonly Segment[];
  /** Grows with every change of voxels or segments. */
  readonly revision: number;
  /** What changed with this revision; null: anything may have. */
  readonly changed: IndexBox | null;
}

/** A map that tells of a segmentation, laid over the grey image (doubt, or what a network needed to see); it is then drawn without fills. */
export interface MapOverlay {
  readonly segmentationId: string;
  /** Another object with every change. */
  readonly map: ScalarOverlay;
}
