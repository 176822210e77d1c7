/**
 * Loads an image: what it is first, then its slices from the middle outwards, into one buffer that the views show as it fills.
 * Next: viewerStore.ts. The routes: contract/blobRoutes.ts.
 */
import { useEffect, useRef } from 'react';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { SeriesDetail } from '#contract/schemas.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { checkedGeometry, type VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { openingWindow } from '#core/rendering/windowLevel.ts';
import { allocateScalars, bytesPerScalar, type Volume } from '#core/volume/volume.ts';
import { blobs, rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { closeMeasurements, completeMeasurements, loadMeasurements } from './measurements/measurementStore.ts';
import { closeCase, showVolume, useViewer } from './viewerStore.ts';

/** What one request fetches after the first, single slice. */
const CHUNK_BYTES = 12 * 1024 * 1024;

/** Opens a series in the store, and closes it when the screen goes away. @returns the way to try again */
export function useVolume(seriesId: string): () => void {
  const controller = useRef(new AbortController());
  const open = () => {
    // One at a time, and none beyond its case: a late answer would show one patient's image in another's case.
    controller.current.abort();
    controller.current = new AbortController();
    void openSeries(seriesId, controller.current.signal);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `open` is made anew at every drawing, the series is what counts
  useEffect(() => {
    open();
    return () => {
      controller.current.abort();
      closeCase();
      closeMeasurements();
    };
  }, [seriesId]);
  return open;
}

async function openSeries(seriesId: string, signal: AbortSignal): Promise<void> {
  useViewer.setState({ loading: { state: 'loading', doneBytes: 0, totalBytes: 0, error: null } });
  try {
    const detail = await rpc.series.get({ id: seriesId }, { signal });
    if (signal.aborted) return;
    const volume = emptyVolume(detail);
    showVolume(detail, volume);
    loadMeasurements(detail);
    await fill(detail, volume, signal);
    if (!signal.aborted) completeMeasurements();
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    useViewer.setState(({ loading }) => ({ loading: { ...loading, state: 'failed', error: errorOf(error).toJSON() } }));
  }
}

function geometryOf({ volume }: SeriesDetail): VolumeGeometry {
  return checkedGeometry({ ...volume.geometry, originLps: worldPoint(...volume.geometry.originLps) });
}

/** Everything that has not arrived yet looks like the darkest value, not like water. */
function emptyVolume(detail: SeriesDetail): Volume {
  const geometry = geometryOf(detail);
  const scalars = allocateScalars(detail.volume.scalarType, geometry.size[0] * geometry.size[1] * geometry.size[2]);
  scalars.fill(detail.volume.range.min);
  return { geometry, scalars };
}

async function fill(detail: SeriesDetail, volume: Volume, signal: AbortSignal): Promise<void> {
  const { id, scalarType, unit, window: stated } = detail.volume;
  const { size } = volume.geometry;
  const perSlice = size[0] * size[1];
  const sliceBytes = perSlice * bytesPerScalar(scalarType);
  const target = new Uint8Array(volume.scalars.buffer);
  let doneBytes = 0;
  let opened = stated;
  for (const [first, last] of slicesFromTheMiddle(size[2], Math.max(1, Math.floor(CHUNK_BYTES / sliceBytes)))) {
    const start = first * sliceBytes;
    const range = [start, (last + 1) * sliceBytes - 1] as const;
    const bytes = await blobs.getBytes(blobRoutes.volume(id), { signal, range });
    if (signal.aborted) return;
    target.set(bytes, start);
    doneBytes += bytes.length;
    const ready = doneBytes >= target.length;
    // By the middle slice at first, by all of them in the end; what a person has chosen meanwhile stays.
    const isFirst = doneBytes === bytes.length;
    if ((isFirst || ready) && useViewer.getState().window === opened) {
      const known = ready ? volume.scalars : volume.scalars.subarray(first * perSlice, (last + 1) * perSlice);
      opened = openingWindow(stated, unit, known);
      useViewer.setState({ window: opened });
    }
    useViewer.setState((state) => ({
      volumeRevision: state.volumeRevision + 1,
      loading: { state: ready ? 'ready' : 'loading', doneBytes, totalBytes: target.length, error: null },
    }));
  }
}

/**
 * @param count number of slices
 * @param chunk slices a request after the first
 * @returns ranges of slices (both ends included) that cover all of them once: the middle one alone, then outwards by turns
 */
export function slicesFromTheMiddle(count: number, chunk: number): Array<readonly [first: number, last: number]> {
  const middle = Math.round((count - 1) / 2);
  const ranges: Array<readonly [number, number]> = [[middle, middle]];
  let below = middle - 1;
  let above = middle + 1;
  while (below >= 0 || above < count) {
    if (above < count) {
      const last = Math.min(count - 1, above + chunk - 1);
      ranges.push([above, last]);
      above = last + 1;
    }
    if (below >= 0) {
      const first = Math.max(0, below - chunk + 1);
      ranges.push([first, below]);
      below = first - 1;
    }
  }
  return ranges;
}
