/**
 * Mouse, pen, touch and wheel over one slice view, turned into what tools and cameras understand. Left = the tool, right drag
 * zooms, middle drag and space + drag pan, wheel scrolls, Ctrl + wheel is the tool's (else zoom), two fingers pan and zoom.
 * Coordinates: CSS pixels in the view → voxels and LPS mm. Next: tools/Tool.ts, sliceTransform.ts.
 */
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { containsIndex, indexToWorld, voxelOffset } from '#core/geometry/volumeGeometry.ts';
import { slabValue } from '#core/rendering/slab.ts';
import { slicePixelToIndex } from '#core/rendering/sliceLayout.ts';
import { MeasurementDrag, measurementGrip } from '../measurements/measurementDrag.ts';
import { currentTool } from '../tools/currentTool.ts';
import type { ToolPointer } from '../tools/Tool.ts';
import { shownSlice, stepSlice, useViewer } from '../viewerStore.ts';
import { panned, sliceTransform, toSlicePixel, zoomedAt } from './sliceTransform.ts';
import { isSpaceHeld } from './spaceKey.ts';

type Gesture = 'tool' | 'measurement' | 'pan' | 'zoom' | 'pinch';

const BUTTONS = { 0: 'left', 1: 'middle', 2: 'right' } as const;
const WHEEL_STEP_PX = 60;

export class SliceGestures {
  readonly #element: HTMLElement;
  readonly #plane: Plane;
  readonly #onHover: (pointer: ToolPointer | null) => void;
  readonly #stop = new AbortController();
  readonly #touches = new Map<number, { x: number; y: number }>();
  #gesture: Gesture | null = null;
  #measurement: MeasurementDrag | null = null;
  #last = { x: 0, y: 0 };
  #start = { x: 0, y: 0 };
  #wheelRest = 0;

  /** @param onHover where the pointer is, for the cursor's ring; null when it has left */
  constructor(element: HTMLElement, plane: Plane, onHover: (pointer: ToolPointer | null) => void) {
    this.#element = element;
    this.#plane = plane;
    this.#onHover = onHover;
    const { signal } = this.#stop;
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(type, listener, { signal, passive: false });
    on('pointerdown', this.#down);
    on('pointermove', this.#move);
    on('pointerup', this.#up);
    on('pointercancel', this.#cancel);
    on('lostpointercapture', this.#lost);
    on('pointerleave', this.#leave);
    on('wheel', this.#wheel);
    on('contextmenu', (event) => event.preventDefault());
    on('dblclick', this.#doubleClick);
  }

  dispose(): void {
    this.#stop.abort();
  }

  /** @returns null without an image */
  pointerAt(event: MouseEvent, button: ToolPointer['button']): ToolPointer | null {
    const box = this.#element.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const state = useViewer.getState();
    const shown = shownSlice(state, this.#plane);
    if (shown === null || state.volume === null) return null;
    const transform = sliceTransform(shown.layout, box, state.cameras[this.#plane]);
    const [column, row] = toSlicePixel(transform, x, y);
    const indexIjk = slicePixelToIndex(shown.layout, column, row, shown.index);
    return {
      plane: this.#plane,
      indexIjk,
      pointLps: indexToWorld(state.volume.geometry, indexIjk),
      x,
      y,
      mmPerPixel: 1 / transform.pixelsPerMm,
      button,
      ctrl: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
    };
  }

  #down = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.#element.focus({ preventScroll: true });
    useViewer.getState().setActiveView(this.#plane);
    if (this.#touches.size === 2) {
      if (this.#gesture === 'tool') currentTool()?.onCancel?.();
      this.#gesture = 'pinch';
      return;
    }
    if (this.#gesture !== null) return;
    event.preventDefault();
    this.#element.setPointerCapture(event.pointerId);
    this.#last = { x: event.clientX, y: event.clientY };
    this.#start = this.#last;
    this.#gesture = event.button === 2 ? 'zoom' : event.button === 1 || isSpaceHeld() ? 'pan' : 'tool';
    const pointer = this.pointerAt(event, BUTTONS[event.button as 0 | 1 | 2] ?? 'none');
    if (this.#gesture !== 'tool' || pointer === null) return;
    const grip = measurementGrip(event.target);
    if (grip !== null) {
      this.#gesture = 'measurement';
      this.#measurement = new MeasurementDrag(grip, pointer);
    } else currentTool()?.onPointerDown?.(pointer);
  };

  #move = (event: PointerEvent): void => {
    if (this.#gesture === 'pinch') this.#pinch(event);
    const pointer = this.pointerAt(event, this.#gesture === 'tool' ? 'left' : 'none');
    if (pointer === null) return;
    if (this.#gesture === 'measurement') this.#measurement?.move(pointer);
    else if (this.#gesture === null || this.#gesture === 'tool') {
      // Every place the pen has been since the last frame, so that a fast stroke has no corners.
      const places = this.#gesture === 'tool' ? event.getCoalescedEvents() : [];
      const tool = currentTool();
      if (places.length > 1) {
        for (const place of places) {
          const at = this.pointerAt(place, 'left');
          if (at !== null) tool?.onPointerMove?.(at);
        }
      } else tool?.onPointerMove?.(pointer);
    } else this.#moveCamera(event);
    this.#last = { x: event.clientX, y: event.clientY };
    readOut(pointer);
    this.#onHover(pointer);
  };

  #up = (event: PointerEvent): void => {
    this.#touches.delete(event.pointerId);
    const gesture = this.#gesture;
    if (gesture === 'pinch' && this.#touches.size > 0) return;
    this.#gesture = null;
    const pointer = this.pointerAt(event, 'left');
    if (gesture === 'measurement') this.#measurement?.end();
    else if (gesture === 'tool' && pointer !== null) currentTool()?.onPointerUp?.(pointer);
  };

  #cancel = (event: PointerEvent): void => {
    this.#touches.delete(event.pointerId);
    if (this.#gesture === 'tool') currentTool()?.onCancel?.();
    if (this.#gesture === 'measurement') this.#measurement?.cancel();
    this.#gesture = null;
  };

  #lost = (event: PointerEvent): void => {
    // After an ordinary release nothing is going on any more; otherwise the system took the pointer away.
    if (this.#gesture === 'tool') this.#cancel(event);
  };

  #leave = (): void => {
    if (this.#gesture !== null) return;
    useViewer.getState().setPointer(null);
    this.#onHover(null);
  };

  #moveCamera(event: PointerEvent): void {
    const state = useViewer.getState();
    const shown = shownSlice(state, this.#plane);
    if (shown === null) return;
    const box = this.#element.getBoundingClientRect();
    const camera = state.cameras[this.#plane];
    const dx = event.clientX - this.#last.x;
    const dy = event.clientY - this.#last.y;
    const next =
      this.#gesture === 'pan'
        ? panned(shown.layout, box, camera, dx, dy)
        : zoomedAt(shown.layout, box, camera, 1.008 ** -dy, this.#start.x - box.left, this.#start.y - box.top);
    state.setCamera(this.#plane, next);
  }

  #pinch(event: PointerEvent): void {
    const before = [...this.#touches.values()];
    this.#touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = [...this.#touches.values()];
    const [a0, b0] = before;
    const [a1, b1] = after;
    const state = useViewer.getState();
    const shown = shownSlice(state, this.#plane);
    if (shown === null || !a0 || !b0 || !a1 || !b1) return;
    const box = this.#element.getBoundingClientRect();
    const factor = Math.hypot(a1.x - b1.x, a1.y - b1.y) / Math.max(1, Math.hypot(a0.x - b0.x, a0.y - b0.y));
    const x = (a1.x + b1.x) / 2;
    const y = (a1.y + b1.y) / 2;
    const camera = state.cameras[this.#plane];
    const moved = panned(shown.layout, box, camera, x - (a0.x + b0.x) / 2, y - (a0.y + b0.y) / 2);
    state.setCamera(this.#plane, zoomedAt(shown.layout, box, moved, factor, x - box.left, y - box.top));
  }

  #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // Lines and pages of old mice count as whole steps; a touchpad's small movements add up.
    this.#wheelRest += event.deltaMode === 0 ? event.deltaY : Math.sign(event.deltaY) * WHEEL_STEP_PX;
    const steps = Math.trunc(this.#wheelRest / WHEEL_STEP_PX);
    if (steps === 0) return;
    this.#wheelRest = 0;
    const notches =
      Math.abs(event.deltaY) >= 100 ? Math.sign(steps) * Math.max(1, Math.round(Math.abs(event.deltaY) / 120)) : steps;
    const pointer = this.pointerAt(event, 'none');
    if (pointer === null) return;
    if (pointer.ctrl) {
      if (currentTool()?.onWheel?.(pointer, notches)) this.#onHover(pointer);
      else this.#zoomBy(1.12 ** -notches, pointer);
      return;
    }
    stepSlice(this.#plane, notches);
    const now = this.pointerAt(event, 'none');
    if (now === null) return;
    readOut(now);
    this.#onHover(now);
  };

  #zoomBy(factor: number, { x, y }: ToolPointer): void {
    const state = useViewer.getState();
    const shown = shownSlice(state, this.#plane);
    if (shown === null) return;
    const box = this.#element.getBoundingClientRect();
    state.setCamera(this.#plane, zoomedAt(shown.layout, box, state.cameras[this.#plane], factor, x, y));
  }

  #doubleClick = (event: MouseEvent): void => {
    if (event.button === 0 && measurementGrip(event.target) === null) useViewer.getState().toggleLarge(this.#plane);
  };
}

/** Tells the status line what lies under the pointer. */
function readOut({ plane, indexIjk, pointLps }: ToolPointer): void {
  const { volume, slab, setPointer } = useViewer.getState();
  if (volume === null) return;
  const [i, j, k] = [Math.round(indexIjk[0]), Math.round(indexIjk[1]), Math.round(indexIjk[2])];
  const { size } = volume.geometry;
  const { mode, thicknessMm } = slab;
  if (!containsIndex(size, i, j, k)) setPointer({ indexIjk, pointLps, value: null });
  else if (mode === 'off') {
    setPointer({ indexIjk, pointLps, value: volume.scalars[voxelOffset(size, i, j, k)] ?? null });
  } else {
    setPointer({ indexIjk, pointLps, value: slabValue(volume, plane, [i, j, k], { mode, thicknessMm }) });
  }
}
