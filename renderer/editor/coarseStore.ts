/**
 * The coarse look of a network that still runs on the open series: fetched once, laid over the slices, gone when the run has ended. It is
 * no segmentation: nothing of the editor, of exports or of the 3D view knows it. Next: viewer/overlaySource.ts, viewer/slice/CoarseNote.tsx.
 */
import { create } from 'zustand';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { CoarseLook } from '#contract/schemas/job.ts';
import { spreadLabels } from '#core/inference/coarseLabels.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { blobs } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { isActive, useJobs } from '../app/jobsStore.ts';
import type { Overlay } from '../viewer/overlay.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { tellError, useEditor } from './segmentationStore.ts';

interface CoarseState {
  /** Whose look it is; null: none is there or on its way. */
  readonly jobId: string | null;
  readonly overlay: Overlay | null;
}

const nothing: CoarseState = { jobId: null, overlay: null };
export const useCoarse = create<CoarseState>()(() => nothing);

let fetching = new AbortController();

/** Follows the jobs and the open series. @returns the way to stop */
export function watchCoarseLooks(): () => void {
  const stops = [
    useJobs.subscribe(follow),
    useEditor.subscribe((state, before) => {
      if (state.seriesId !== before.seriesId) follow();
    }),
    useViewer.subscribe((state, before) => {
      if (state.volume !== before.volume) follow();
    }),
  ];
  follow();
  return () => {
    for (const stop of stops) stop();
    forget();
  };
}

function follow(): void {
  const { seriesId } = useEditor.getState();
  const job = [...useJobs.getState().jobs.values()].findLast(
    (one) => isActive(one) && one.coarse !== undefined && one.coarse.seriesId === seriesId,
  );
  if (!job?.coarse || useViewer.getState().volume === null) {
    if (useCoarse.getState().jobId !== null) forget();
  } else if (useCoarse.getState().jobId !== job.id) void show(job.id, job.coarse);
}

function forget(): void {
  fetching.abort();
  useCoarse.setState(nothing);
}

async function show(jobId: string, look: CoarseLook): Promise<void> {
  forget();
  fetching = new AbortController();
  const { signal } = fetching;
  useCoarse.setState({ jobId });
  try {
    const bytes = await blobs.getBytes(blobRoutes.coarseLook(jobId), { signal });
    const { volume } = useViewer.getState();
    if (signal.aborted || volume === null) return;
    const layer = spreadLabels(labelmapOf(look, bytes), volume.geometry, look.spacingMm);
    const segments = look.segments.map((segment) => ({ ...segment, layer: 0, visible: true }));
    const overlay = { layers: [layer], segments, revision: 0, changed: null };
    useCoarse.setState({ overlay: { segmentationId: `coarse ${jobId}`, style: 'coarse', ...overlay } });
  } catch (error) {
    // A run that ended meanwhile has its result to show.
    if (signal.aborted || isAbort(error) || errorOf(error).code === 'job/no-coarse-look') return;
    tellError(error);
  }
}

function labelmapOf({ size, bytesPerVoxel }: CoarseLook, bytes: Uint8Array): Labelmap {
  const voxels = bytesPerVoxel === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return { size, voxels };
}
