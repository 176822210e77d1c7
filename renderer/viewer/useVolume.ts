/**
 * Loads an image: what it is first, then its slices from the middle outwards, into one buffer that the views show as it fills.
 * Next: viewerStore.ts. The routes: contract/blobRoutes.ts.
 */
import { useEffect, useRef } from 'react';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { checkedGeometry, type VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { openingWindow } from '#core/rendering/windowLevel.ts';
import { allocateScalars, bytesPerScalar, type Volume } from '#core/volume/volume.ts';
import { blobs, rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { closeMeasurements, completeMeasurements, loadMeasurements } from './measurements/measurementStore.ts';
import { slicesFromTheMiddle } from './slicesFromTheMiddle.ts';
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
    await showSeries(seriesId, signal).catch(async (error: unknown) => {
      if (errorOf(error).code !== 'vault/damaged') throw error;
      // A power failure right after the import: the originals are whole, and the volume is made again from them.
      await rpc.series.restoreVolume({ id: seriesId }, { signal });
      await showSeries(seriesId, signal);
    });
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    useViewer.setState(({ loading }) => ({ loading: { ...loading, state: 'failed', error: errorOf(error).toJSON() } }));
  }
}

async function showSeries(seriesId: string, signal: AbortSignal): Promise<void> {
  const detail = await rpc.series.get({ id: seriesId }, { signal });
  if (signal.aborted) return;
  const arriving = slicesOf(detail, signal);
  // The first slice is asked for before the screen is built for it: both take their time beside each other.
  const first = arriving.next();
  const volume = emptyVolume(detail);
  showVolume(detail, volume);
  loadMeasurements(detail);
  await fill(detail, volume, first, arriving, signal);
  if (!signal.aborted) completeMeasurements();
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

interface ArrivedSlices {
  readonly bytes: Uint8Array;
  /** Where they belong in the volume. */
  readonly start: number;
}

type Arriving = AsyncGenerator<ArrivedSlices, void>;

/** The next ones are on their way while those that have arrived are being shown. */
async function* slicesOf({ volume: { id, scalarType, geometry } }: SeriesDetail, signal: AbortSignal): Arriving {
  const [columns, rows, count] = geometry.size;
  const sliceBytes = columns * rows * bytesPerScalar(scalarType);
  const ranges = slicesFromTheMiddle(count, Math.max(1, Math.floor(CHUNK_BYTES / sliceBytes)));
  const ask = ([first, last]: readonly [number, number]) =>
    blobs.getBytes(blobRoutes.volume(id), {
      signal,
      range: [first * sliceBytes, (last + 1) * sliceBytes - 1],
    });
  let asked = ranges[0] && ask(ranges[0]);
  for (const [n, [first]] of ranges.entries()) {
    const bytes = await asked;
    if (bytes === undefined || signal.aborted) return;
    const next = ranges[n + 1];
    asked = next && ask(next);
    // Whoever stops asking is told by the answer that is awaited, or does not want to know.
    asked?.catch(() => undefined);
    yield { bytes, start: first * sliceBytes };
  }
}

async function fill(
  detail: SeriesDetail,
  volume: Volume,
  first: ReturnType<Arriving['next']>,
  arriving: Arriving,
  signal: AbortSignal,
): Promise<void> {
  const { unit, window: stated } = detail.volume;
  const target = new Uint8Array(volume.scalars.buffer);
  let doneBytes = 0;
  let opened = stated;
  for (let next = await first; next.done !== true; next = await arriving.next()) {
    if (signal.aborted) return;
    const { bytes, start } = next.value;
    target.set(bytes, start);
    doneBytes += bytes.length;
    const ready = doneBytes >= target.length;
    // By the middle slice at first, by all of them in the end; what a person has chosen meanwhile stays.
    const isFirst = doneBytes === bytes.length;
    if ((isFirst || ready) && useViewer.getState().window === opened) {
      const { BYTES_PER_ELEMENT: per } = volume.scalars;
      const known = ready ? volume.scalars : volume.scalars.subarray(start / per, (start + bytes.length) / per);
      opened = openingWindow(stated, unit, known);
      useViewer.setState({ window: opened });
    }
    useViewer.setState((state) => ({
      volumeRevision: state.volumeRevision + 1,
      loading: { state: ready ? 'ready' : 'loading', doneBytes, totalBytes: target.length, error: null },
    }));
  }
}
