/**
 * The segments' surfaces for the 3D view: made in surface.worker.ts, anew for those segments
 * whose voxels changed, when the hand rests. LPS mm.
 */
import { create } from 'zustand';
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { BuiltSurface } from '#core/meshing/buildSurface.ts';
import type { SurfaceMesh } from '#core/meshing/surfaceMesh.ts';
import type { SegmentationContent } from '#core/segmentation/edit.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { tellError, useEditor } from './segmentationStore.ts';

export interface SegmentSurface {
  readonly number: number;
  readonly mesh: SurfaceMesh;
  readonly volumeMlMask: number;
  readonly volumeMlAfter: number;
}

export interface SurfaceState {
  readonly isShown: boolean;
  /** 0 … 1 */
  readonly smoothing: number;
  readonly isWorking: boolean;
  /** By the number of the segment; colour and visibility are the segment's own. */
  readonly surfaces: readonly SegmentSurface[];
}

export interface SurfaceRequest {
  readonly runId: number;
  readonly geometry: VolumeGeometry;
  readonly smoothing: number;
  readonly segments: readonly { readonly number: number; readonly labelmap: Labelmap }[];
}

export interface SurfaceAnswer {
  readonly runId: number;
  readonly number: number;
  readonly built: BuiltSurface | null;
  readonly error: LanternErrorData | null;
  readonly isLast: boolean;
}

/** The same source gives the same mesh. */
interface Source {
  readonly voxelRevision: number;
  readonly smoothing: number;
}

const REST_MS = 700;
const none = { isWorking: false, surfaces: [] } as const;

export const useSurfaces = create<SurfaceState>()(() => ({ isShown: false, smoothing: 0.5, ...none }));

let worker: Worker | null = null;
let runId = 0;
/** What each mesh that is there, and each that is being made, was made from. */
const made = new Map<number, Source>();
let asked = new Map<number, Source>();
let waiting: ReturnType<typeof setTimeout> | null = null;

export function showSurfaces(isShown: boolean): void {
  useSurfaces.setState({ isShown });
  if (isShown) make();
  else clearSurfaces();
}

export function setSurfaceSmoothing(smoothing: number): void {
  useSurfaces.setState({ smoothing });
  later();
}

/** Ends all work and forgets the meshes; what was chosen stays. */
export function clearSurfaces(): void {
  stop();
  made.clear();
  useSurfaces.setState(none);
}

/** Follows the segmentation from now on. @returns the way to stop */
export function watchSurfaces(): () => void {
  const unsubscribe = useEditor.subscribe((state, before) => {
    if (state.current?.content !== before.current?.content) later();
  });
  return () => {
    unsubscribe();
    clearSurfaces();
    useSurfaces.setState({ isShown: false });
  };
}

function later(): void {
  if (waiting) clearTimeout(waiting);
  waiting = setTimeout(make, REST_MS);
}

function make(): void {
  const { isShown, smoothing, surfaces } = useSurfaces.getState();
  const { current, voxelRevisions } = useEditor.getState();
  const { volume } = useViewer.getState();
  if (!isShown || !volume) return;
  if (!current) {
    clearSurfaces();
    return;
  }
  stop();
  const wanted = filled(current.content);
  const kept = surfaces.filter(({ number }) => wanted.some((each) => each.number === number));
  for (const number of made.keys()) if (!kept.some((each) => each.number === number)) made.delete(number);
  asked = new Map(wanted.map(({ number }) => [number, { voxelRevision: voxelRevisions.get(number) ?? 0, smoothing }]));
  const segments = wanted.filter(({ number }) => !isSame(made.get(number), asked.get(number)));
  useSurfaces.setState({ isWorking: segments.length > 0, surfaces: kept });
  if (segments.length === 0) return;
  worker = started();
  worker.postMessage({ runId, geometry: volume.geometry, smoothing, segments } satisfies SurfaceRequest);
}

/** The segments that have voxels, each with the labelmap it lies in. */
function filled({ segments, layers, voxels }: SegmentationContent): SurfaceRequest['segments'] {
  return segments.flatMap(({ number, layer }) => {
    const labelmap = layers[layer];
    return labelmap && (voxels.get(number) ?? 0) > 0 ? [{ number, labelmap }] : [];
  });
}

function isSame(a: Source | undefined, b: Source | undefined): boolean {
  return a !== undefined && a.voxelRevision === b?.voxelRevision && a.smoothing === b.smoothing;
}

function stop(): void {
  runId++;
  worker?.terminate();
  worker = null;
}

function started(): Worker {
  const own = new Worker(new URL('./surface.worker.ts', import.meta.url), { type: 'module' });
  own.addEventListener('message', ({ data }: MessageEvent<SurfaceAnswer>) => {
    if (data.runId === runId) take(data);
  });
  return own;
}

function take({ number, built, error, isLast }: SurfaceAnswer): void {
  if (isLast) useSurfaces.setState({ isWorking: false });
  if (error) tellError(error);
  const source = asked.get(number);
  if (!built || !source) return;
  made.set(number, source);
  const { mesh, volumeMlMask, volumeMlAfter } = built;
  const others = useSurfaces.getState().surfaces.filter((s) => s.number !== number);
  useSurfaces.setState({ surfaces: [...others, { number, mesh, volumeMlMask, volumeMlAfter }] });
}
