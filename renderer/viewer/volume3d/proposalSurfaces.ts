/**
 * The surfaces of a proposal beside those of the segments: a person judges it before accepting it. Made by the editor's worker
 * where the editor's surfaces are asked for (editor/surfaceStore.ts). LPS mm. Next: volumeController.ts.
 */
import type { Segment } from '#core/segmentation/segment.ts';
import { leftOutOfProposal } from '../../editor/leftOut.ts';
import { hiddenWhereRejected } from '../../editor/overlaysOf.ts';
import { useEditor } from '../../editor/segmentationStore.ts';
import {
  type SegmentSurface,
  type SurfaceAnswer,
  type SurfaceRequest,
  useSurfaces,
} from '../../editor/surfaceStore.ts';
import { useViewer } from '../viewerStore.ts';

export class ProposalSurfaces {
  surfaces: readonly SegmentSurface[] = [];
  segments: readonly Segment[] = [];
  readonly #onChange: () => void;
  readonly #stops: ReadonlyArray<() => void>;
  #worker: Worker | null = null;
  #key = '';
  #rejected: ReadonlySet<number> = new Set();

  /** @param onChange there are other surfaces than before */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#stops = [useEditor.subscribe(this.#update), useSurfaces.subscribe(this.#update)];
    this.#update();
  }

  #update = (): void => {
    const { proposal, leftOut } = useEditor.getState();
    const rejected = leftOutOfProposal({ proposal, leftOut });
    const { isShown, smoothing } = useSurfaces.getState();
    const { volume } = useViewer.getState();
    const isWanted = isShown && proposal !== null && volume !== null;
    const key = isWanted ? `${proposal.id}/${smoothing}` : '';
    const isOther = rejected !== this.#rejected;
    this.#rejected = rejected;
    if (key === this.#key) {
      if (!isOther || !isWanted) return;
      this.segments = hiddenWhereRejected(proposal.content.segments, rejected);
      this.#onChange();
      return;
    }
    this.#key = key;
    this.#worker?.terminate();
    this.#worker = null;
    this.#show([]);
    if (!isWanted) return;
    const { segments, layers, voxels } = proposal.content;
    this.segments = hiddenWhereRejected(segments, rejected);
    const filled = segments.flatMap(({ number, layer }) => {
      const labelmap = layers[layer];
      return labelmap !== undefined && (voxels.get(number) ?? 0) > 0 ? [{ number, labelmap }] : [];
    });
    if (filled.length === 0) return;
    this.#worker = new Worker(new URL('../../editor/surface.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data: { number, built } }: MessageEvent<SurfaceAnswer>) => {
      // A segment without a surface (too thin, too large) is still drawn in the slices.
      if (built !== null) this.#show([...this.surfaces, { number, ...built }]);
    });
    this.#worker.postMessage({
      runId: 0,
      geometry: volume.geometry,
      smoothing,
      segments: filled,
    } satisfies SurfaceRequest);
  };

  #show(surfaces: readonly SegmentSurface[]): void {
    if (surfaces.length === 0 && this.surfaces.length === 0) return;
    this.surfaces = surfaces;
    this.#onChange();
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#worker?.terminate();
    this.#worker = null;
  }
}
