/** A segmentation as the editor holds it: the host's detail with its layers in buffers that tools may write. */
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { HistoryStep, SegmentationDetail, SegmentationState } from '#contract/schemas/segmentation.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { SegmentationContent } from '#core/segmentation/edit.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { blobs, rpc } from '../app/client.ts';

export interface LoadedSegmentation {
  readonly id: string;
  readonly name: string;
  readonly state: SegmentationState;
  readonly provenance: Provenance | null;
  /** The host's revision that was loaded. */
  readonly revision: number;
  /** All steps that can be undone or redone, the oldest first. */
  readonly history: readonly HistoryStep[];
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** When it was last changed, undo and redo included. */
  readonly changedAt: string;
  readonly content: SegmentationContent;
}

/** @throws segmentation/unknown, shell/host-lost */
export async function loadSegmentation(id: string, signal: AbortSignal): Promise<LoadedSegmentation> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const detail = await rpc.segmentations.get({ id }, { signal });
    const { steps } = await rpc.segmentations.history({ id }, { signal });
    const layers = await Promise.all(detail.layers.map((layer) => loadLayer(detail, layer, signal)));
    // Another window may have committed between the two answers: then all of it is asked for again.
    if (layers.every((layer) => layer.revision === detail.revision)) return loadedOf(detail, layers, steps);
  }
  throw new LanternError(
    'segmentation/conflict',
    'This segmentation is being changed in another window.',
    'Close the other window, then open the case again.',
  );
}

/** One that was made this moment: its voxels are known to be zero and need not travel. */
export function newSegmentation(detail: SegmentationDetail): LoadedSegmentation {
  const { size } = detail.geometry;
  const count = size[0] * size[1] * size[2];
  const layers = detail.layers.map(({ bytesPerVoxel }) => ({
    size,
    voxels: bytesPerVoxel === 1 ? new Uint8Array(count) : new Uint16Array(count),
  }));
  return loadedOf(detail, layers, []);
}

function loadedOf(
  detail: SegmentationDetail,
  layers: readonly Labelmap[],
  history: readonly HistoryStep[],
): LoadedSegmentation {
  const { id, name, state, provenance, revision, undoLabel, redoLabel, segments, savedAt } = detail;
  const voxels = new Map(Object.entries(detail.voxels).map(([number, count]) => [Number(number), count]));
  const content = { size: detail.geometry.size, segments, layers, voxels };
  return { id, name, state, provenance, revision, history, undoLabel, redoLabel, changedAt: savedAt, content };
}

async function loadLayer(
  detail: SegmentationDetail,
  { index, bytesPerVoxel }: SegmentationDetail['layers'][number],
  signal: AbortSignal,
): Promise<Labelmap & { readonly revision: number }> {
  const { bytes, headers } = await blobs.get(blobRoutes.layer(detail.id, index), { signal });
  const { size } = detail.geometry;
  if (bytes.length !== size[0] * size[1] * size[2] * bytesPerVoxel) {
    throw new LanternError(
      'segmentation/wrong-grid',
      'The segmentation does not have the size of its series.',
      'Open the case again; if it happens again, send the log to support.',
    );
  }
  const voxels = bytesPerVoxel === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return { size, voxels, revision: Number(headers.get('x-lantern-revision')) };
}
