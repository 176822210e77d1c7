/**
 * Mouse and touch over the 3D view: left turns, right and wheel zoom, middle and Shift pan; two fingers zoom and pan.
 * Coordinates: CSS pixels, LPS mm.
 */
import type { VolumeScene } from './VolumeScene.ts';

type Gesture = 'turn' | 'pan' | 'zoom' | 'pinch';

interface Place {
  readonly x: number;
  readonly y: number;
}

const DEGREES_PER_PIXEL = 0.45;

/** @param onTurn the picture no longer shows a standard side @returns the way to stop listening */
export function cameraHands(element: HTMLElement, scene: VolumeScene, onTurn: () => void): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal, passive: false } as const;
  let gesture: Gesture | null = null;
  let last: Place = { x: 0, y: 0 };
  const fingers = new Map<number, Place>();

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.target instanceof HTMLElement && event.target.closest('button') !== null) return;
      event.preventDefault();
      element.focus({ preventScroll: true });
      element.setPointerCapture(event.pointerId);
      if (event.pointerType === 'touch') fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 2) {
        gesture = 'pinch';
        return;
      }
      gesture = event.button === 2 ? 'zoom' : event.button === 1 || event.shiftKey ? 'pan' : 'turn';
      last = { x: event.clientX, y: event.clientY };
    },
    options,
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (gesture === null) return;
      if (gesture === 'pinch') {
        pinch(scene, fingers, event, element.clientHeight);
        return;
      }
      const dx = event.clientX - last.x;
      const dy = event.clientY - last.y;
      last = { x: event.clientX, y: event.clientY };
      if (gesture === 'turn') {
        turn(scene, dx, dy);
        onTurn();
      } else if (gesture === 'pan') pan(scene, dx, dy, element.clientHeight);
      else zoom(scene, 1.008 ** -dy);
      scene.moved();
    },
    options,
  );
  for (const type of ['pointerup', 'pointercancel'] as const) {
    element.addEventListener(
      type,
      ({ pointerId }) => {
        fingers.delete(pointerId);
        // The finger that is left goes on with nothing: it would turn the picture while it is lifted.
        if (gesture !== 'pinch' || fingers.size === 0) gesture = null;
      },
      options,
    );
  }
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      zoom(scene, 1.0012 ** -event.deltaY);
      scene.moved();
    },
    options,
  );
  element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
  return () => stop.abort();
}

/** What lies between two fingers stays between them. */
function pinch(scene: VolumeScene, fingers: Map<number, Place>, event: PointerEvent, heightPx: number): void {
  const [a0, b0] = [...fingers.values()];
  if (!fingers.has(event.pointerId)) return;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const [a1, b1] = [...fingers.values()];
  if (!a0 || !b0 || !a1 || !b1) return;
  zoom(scene, Math.hypot(a1.x - b1.x, a1.y - b1.y) / Math.max(1, Math.hypot(a0.x - b0.x, a0.y - b0.y)));
  pan(scene, (a1.x + b1.x - a0.x - b0.x) / 2, (a1.y + b1.y - a0.y - b0.y) / 2, heightPx);
  scene.moved();
}

export function turn(scene: VolumeScene, dx: number, dy: number): void {
  const { camera } = scene;
  camera.azimuth(-dx * DEGREES_PER_PIXEL);
  camera.elevation(dy * DEGREES_PER_PIXEL);
  camera.orthogonalizeViewUp();
}

function pan({ camera }: VolumeScene, dx: number, dy: number, heightPx: number): void {
  const mm = (2 * camera.getParallelScale()) / Math.max(1, heightPx);
  const up = camera.getViewUp();
  const forward = camera.getDirectionOfProjection();
  const shift = [0, 1, 2].map((n) => {
    const [a, b] = [(n + 1) % 3, (n + 2) % 3] as [0 | 1 | 2, 0 | 1 | 2];
    const right = forward[a] * up[b] - forward[b] * up[a];
    return mm * (dy * (up[n] ?? 0) - dx * right);
  }) as [number, number, number];
  const moved = (p: readonly number[]) => p.map((x, n) => x + (shift[n] ?? 0)) as [number, number, number];
  camera.setFocalPoint(...moved(camera.getFocalPoint()));
  camera.setPosition(...moved(camera.getPosition()));
}

function zoom({ camera }: VolumeScene, factor: number): void {
  camera.setParallelScale(Math.max(1, camera.getParallelScale() / factor));
}
