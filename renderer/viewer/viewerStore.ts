/**
 * The state of an open case, outside of React: image, window, slab, layout, crosshair (LPS mm), cameras, tool, pointer.
 * The crosshair is the one truth of what is shown: each view shows the slice through it. Views are functions of this store.
 * Next: useVolume.ts (loading), slice/slicePainter.ts (drawing).
 */
import { create } from 'zustand';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { type IndexPoint, indexPoint, type WorldPoint, worldPoint } from '#core/geometry/points.ts';
import { centreOf, indexToWorld, worldToIndex } from '#core/geometry/volumeGeometry.ts';
import type { SlabMode } from '#core/rendering/slab.ts';
import { type SliceLayout, sliceLayout } from '#core/rendering/sliceLayout.ts';
import { leastWidth, type WindowLevel } from '#core/rendering/windowLevel.ts';
import type { Volume } from '#core/volume/volume.ts';
import { FITTED, type SliceCamera } from './slice/sliceTransform.ts';
import type { Mode } from './tools/Tool.ts';

export type ViewId = Plane | 'volume';
export const VIEW_IDS: readonly ViewId[] = ['axial', 'volume', 'coronal', 'sagittal'];

/** four: two by two; focus: `main` large, the others beside it; slices: the three planes beside each other; single: `main` alone. */
export interface Layout {
  readonly arrangement: 'four' | 'focus' | 'slices' | 'single';
  readonly main: ViewId;
}

export interface SlabSetting {
  readonly mode: 'off' | SlabMode;
  readonly thicknessMm: number;
}

export interface Loading {
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly error: LanternErrorData | null;
}

/** What lies under the pointer. */
export interface PointerReadout {
  readonly indexIjk: IndexPoint;
  readonly pointLps: WorldPoint;
  /** In the modality's unit, of the slab where one is shown; null outside of the volume. */
  readonly value: number | null;
}

export interface ViewerState {
  readonly detail: SeriesDetail | null;
  /** The image; while `loading` runs, its scalars fill up in place. */
  readonly volume: Volume | null;
  /** Grows when more of the image has arrived. */
  readonly volumeRevision: number;
  readonly loading: Loading;
  readonly mode: Mode;
  readonly toolId: string;
  /** The tool that each mode had last. */
  readonly toolOfMode: Readonly<Record<Mode, string>>;
  readonly layout: Layout;
  /** What a double click goes back to. */
  readonly layoutBefore: Layout;
  readonly activeView: ViewId;
  readonly window: WindowLevel;
  readonly slab: SlabSetting;
  readonly crosshairLps: WorldPoint;
  readonly crosshairShown: boolean;
  readonly cameras: Readonly<Record<Plane, SliceCamera>>;
  readonly pointer: PointerReadout | null;
  setMode(mode: Mode): void;
  setTool(toolId: string): void;
  setLayout(layout: Layout): void;
  /** Makes a view large, or goes back. */
  toggleLarge(view: ViewId): void;
  setActiveView(view: ViewId): void;
  setWindow(change: Partial<WindowLevel>): void;
  setSlab(change: Partial<SlabSetting>): void;
  setCrosshair(pointLps: WorldPoint): void;
  setCrosshairShown(shown: boolean): void;
  /** @param index voxel index along the plane's through axis; clamped */
  setSlice(plane: Plane, index: number): void;
  setCamera(plane: Plane, camera: SliceCamera): void;
  resetCameras(): void;
  setPointer(pointer: PointerReadout | null): void;
}

const IDLE: Loading = { state: 'idle', doneBytes: 0, totalBytes: 0, error: null };
const FITTED_ALL = { axial: FITTED, coronal: FITTED, sagittal: FITTED };
const FOUR: Layout = { arrangement: 'four', main: 'axial' };

/** What every case starts with; the layout and the slab's thickness are the person's and stay. */
const fresh = {
  detail: null,
  volume: null,
  volumeRevision: 0,
  loading: IDLE,
  mode: 'view',
  toolId: 'crosshair',
  toolOfMode: { view: 'crosshair', segment: 'crosshair', plan: 'crosshair', report: 'crosshair' },
  activeView: 'axial',
  window: { center: 40, width: 400 },
  slab: { mode: 'off', thicknessMm: 10 },
  crosshairLps: worldPoint(0, 0, 0),
  crosshairShown: true,
  cameras: FITTED_ALL,
  pointer: null,
} as const;

export const useViewer = create<ViewerState>()((set, get) => ({
  ...fresh,
  layout: FOUR,
  layoutBefore: FOUR,

  setMode: (mode) => set(({ toolOfMode }) => ({ mode, toolId: toolOfMode[mode] })),
  setTool: (toolId) => set(({ mode, toolOfMode }) => ({ toolId, toolOfMode: { ...toolOfMode, [mode]: toolId } })),
  setLayout: (layout) => set({ layout, layoutBefore: layout.arrangement === 'single' ? FOUR : layout }),
  toggleLarge(view) {
    const { layout, layoutBefore } = get();
    if (layout.arrangement === 'single') set({ layout: layoutBefore, activeView: view });
    else set({ layout: { arrangement: 'single', main: view }, layoutBefore: layout, activeView: view });
  },
  setActiveView: (activeView) => set({ activeView }),
  setWindow: (change) =>
    set(({ window, volume }) => {
      const next = { ...window, ...change };
      const least = volume === null ? 1 : leastWidth(volume.scalars);
      return { window: { ...next, width: Math.max(least, next.width) } };
    }),
  setSlab: (change) => set(({ slab }) => ({ slab: { ...slab, ...change } })),
  setCrosshair(pointLps) {
    const { volume } = get();
    if (volume === null) return;
    const ijk = worldToIndex(volume.geometry, pointLps);
    const inside = ijk.map((x, axis) => Math.max(0, Math.min((volume.geometry.size[axis] ?? 1) - 1, x)));
    const [i = 0, j = 0, k = 0] = inside;
    set({ crosshairLps: indexToWorld(volume.geometry, indexPoint(i, j, k)) });
  },
  setCrosshairShown: (crosshairShown) => set({ crosshairShown }),
  setSlice(plane, index) {
    const { volume, crosshairLps } = get();
    if (volume === null) return;
    const { axes, count } = sliceLayout(volume.geometry, plane);
    const [i, j, k] = worldToIndex(volume.geometry, crosshairLps);
    const ijk: [number, number, number] = [i, j, k];
    ijk[axes.through.axis] = Math.max(0, Math.min(count - 1, Math.round(index)));
    set({ crosshairLps: indexToWorld(volume.geometry, indexPoint(...ijk)) });
  },
  setCamera: (plane, camera) => set(({ cameras }) => ({ cameras: { ...cameras, [plane]: camera } })),
  resetCameras: () => set({ cameras: FITTED_ALL }),
  setPointer: (pointer) => set({ pointer }),
}));

/** Empties the case: nothing of a patient stays behind. */
export function closeCase(): void {
  useViewer.setState(fresh);
}

/** Shows an image from its middle; `scalars` may still be filling up. */
export function showVolume(detail: SeriesDetail, volume: Volume): void {
  useViewer.setState({
    detail,
    volume,
    volumeRevision: 0,
    window: detail.volume.window,
    crosshairLps: wholeVoxel(volume),
    cameras: FITTED_ALL,
  });
}

/** The centre of the voxel in the volume's middle, so that every view shows a slice exactly. */
function wholeVoxel({ geometry }: Volume): WorldPoint {
  const [i, j, k] = worldToIndex(geometry, centreOf(geometry));
  return indexToWorld(geometry, indexPoint(Math.round(i), Math.round(j), Math.round(k)));
}

/** @returns how a plane lies on screen and which slice of it is shown; null without an image */
export function shownSlice(
  state: Pick<ViewerState, 'volume' | 'crosshairLps'>,
  plane: Plane,
): { readonly layout: SliceLayout; readonly index: number } | null {
  if (state.volume === null) return null;
  const layout = sliceLayout(state.volume.geometry, plane);
  const along = worldToIndex(state.volume.geometry, state.crosshairLps)[layout.axes.through.axis];
  return { layout, index: Math.max(0, Math.min(layout.count - 1, Math.round(along))) };
}

/**
 * @param towards +1: towards the feet, the back, the patient's left; as the wheel turns down
 */
export function stepSlice(plane: Plane, towards: number): void {
  const state = useViewer.getState();
  const shown = shownSlice(state, plane);
  if (shown === null) return;
  const { sign } = shown.layout.axes.through;
  state.setSlice(plane, shown.index + towards * (plane === 'axial' ? -sign : sign));
}
