/**
 * The 3D view's one WebGL context and everything in it. Draws at most once a frame; on a machine without a graphics processor
 * at fewer pixels while something moves, and again in full when it rests. Coordinates: LPS mm. Next: vtkParts.ts, cameraHands.ts.
 */

import vtkRenderer from '@kitware/vtk.js/Rendering/Core/Renderer.js';
import vtkRenderWindow from '@kitware/vtk.js/Rendering/Core/RenderWindow.js';
import vtkRenderWindowInteractor from '@kitware/vtk.js/Rendering/Core/RenderWindowInteractor.js';
import vtkOpenGLRenderWindow from '@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js';
import { normalise, type Vector3 } from '#core/geometry/points.ts';
import type { ElementSize } from '../slice/useElementSize.ts';
import { type ImageProps, NO_IMAGE, type Prop } from './imageProps.ts';
import type { Side } from './volumeStore.ts';
import './vtkParts.ts';

/** From where the eye looks (LPS) and what is up. */
const SIDE_VIEWS: Readonly<Record<Side, readonly [from: Vector3, up: Vector3]>> = {
  A: [
    [0, -1, 0],
    [0, 0, 1],
  ],
  P: [
    [0, 1, 0],
    [0, 0, 1],
  ],
  L: [
    [1, 0, 0],
    [0, 0, 1],
  ],
  R: [
    [-1, 0, 0],
    [0, 0, 1],
  ],
  S: [
    [0, 0, 1],
    [0, -1, 0],
  ],
  I: [
    [0, 0, -1],
    [0, -1, 0],
  ],
};

/** A frame that takes longer is drawn with fewer pixels next time. */
const FRAME_BUDGET_MS = 60;
/** The full picture may take this long once everything rests. */
const STILL_BUDGET_MS = 700;
const REST_MS = 220;
const LEAST_SHARE = 0.2;
const FIRST_SHARE = 0.3;

export interface CameraReadout {
  /** The directions on screen, LPS. */
  readonly right: Vector3;
  readonly up: Vector3;
  readonly pixelsPerMm: number;
}

export class VolumeScene {
  readonly #window = vtkRenderWindow.newInstance();
  readonly #renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
  readonly #gl = vtkOpenGLRenderWindow.newInstance();
  /** Bound to no event: vtk.js's volumes ask it whether an animation runs; hands are cameraHands.ts. */
  readonly #interactor = vtkRenderWindowInteractor.newInstance();
  readonly #isSoftware: boolean;
  readonly #onCamera: (camera: CameraReadout) => void;
  #size: ElementSize = { width: 0, height: 0, ratio: 1 };
  #frame = 0;
  #restTimer = 0;
  /** Share of the device pixels (along one axis) that is drawn while moving. */
  #share = 1;
  #isMoving = false;
  /** What a picture with all device pixels would take; 0: not known yet. */
  #frameMs = 0;
  #image: ImageProps = NO_IMAGE;
  #segments: Pick<ImageProps, 'still' | 'moving'> = NO_IMAGE;
  #isFramed = false;

  constructor(
    container: HTMLElement,
    isSoftware: boolean,
    onCamera: (camera: CameraReadout) => void,
    onLost: () => void,
  ) {
    this.#isSoftware = isSoftware;
    this.#onCamera = onCamera;
    this.#window.addRenderer(this.#renderer);
    this.#gl.setContainer(container);
    this.#window.addView(this.#gl);
    this.#interactor.setView(this.#gl);
    this.#interactor.initialize();
    this.#renderer.getActiveCamera().setParallelProjection(true);
    this.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      onLost();
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#gl.getCanvas() as HTMLCanvasElement;
  }

  /** Null before the first picture. */
  get #context(): WebGL2RenderingContext | null {
    return this.canvas.getContext('webgl2');
  }

  get camera() {
    return this.#renderer.getActiveCamera();
  }

  resize(size: ElementSize): void {
    this.#size = size;
    this.render();
  }

  /** The image: a volume, or surfaces in its place. */
  setImage(image: ImageProps): void {
    this.#replace([...this.#image.still, ...this.#image.moving], [...image.still, ...image.moving]);
    this.#image = image;
    this.#share = this.#isSoftware && image.isVolume ? FIRST_SHARE : 1;
    this.#frameMs = 0;
    this.#frameNow();
  }

  /** The segments' surfaces. */
  setSegments(segments: Pick<ImageProps, 'still' | 'moving'>): void {
    this.#replace([...this.#segments.still, ...this.#segments.moving], [...segments.still, ...segments.moving]);
    this.#segments = segments;
    this.#frameNow();
  }

  #replace(before: readonly Prop[], after: readonly Prop[]): void {
    for (const prop of new Set(before)) {
      if (after.includes(prop)) continue;
      this.#renderer.removeViewProp(prop);
      prop.getMapper()?.delete();
      prop.delete();
    }
    for (const prop of new Set(after)) if (!before.includes(prop)) this.#renderer.addViewProp(prop);
  }

  #frameNow(): void {
    if (!this.#isFramed) this.lookFrom('A');
    this.render();
  }

  /** Turns to one side and shows everything. */
  lookFrom(side: Side): void {
    const bounds = this.#renderer.computeVisiblePropBounds();
    if (!(bounds[0] <= bounds[1])) return;
    this.#isFramed = true;
    const [from, up] = SIDE_VIEWS[side];
    const centre = [0, 2, 4].map((n) => ((bounds[n] ?? 0) + (bounds[n + 1] ?? 0)) / 2) as [number, number, number];
    const spans = [0, 2, 4].map((n) => (bounds[n + 1] ?? 0) - (bounds[n] ?? 0)) as [number, number, number];
    const distance = Math.hypot(...spans) * 2;
    const { camera } = this;
    camera.setFocalPoint(...centre);
    camera.setPosition(centre[0] + from[0] * distance, centre[1] + from[1] * distance, centre[2] + from[2] * distance);
    camera.setViewUp(...up);
    const right: Vector3 = [
      up[1] * from[2] - up[2] * from[1],
      up[2] * from[0] - up[0] * from[2],
      up[0] * from[1] - up[1] * from[0],
    ];
    const across = (axis: Vector3): number => spans.reduce((sum, span, n) => sum + span * Math.abs(axis[n] ?? 0), 0);
    const aspect = this.#size.height > 0 ? this.#size.width / this.#size.height : 1;
    camera.setParallelScale((Math.max(across(up), across(right) / aspect) / 2) * 1.08);
    this.render();
  }

  /** The camera is being moved: quick pictures until it rests. */
  moved(): void {
    this.#isMoving = true;
    clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => {
      this.#isMoving = false;
      this.render();
    }, REST_MS);
    this.render();
  }

  /** Several calls cost one picture. */
  render(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#draw);
  }

  #draw = (): void => {
    this.#frame = 0;
    const { width, height, ratio } = this.#size;
    if (width === 0 || height === 0 || this.#context?.isContextLost() === true) return;
    const { isVolume } = this.#image;
    for (const part of [this.#image, this.#segments]) showPart(part, this.#isMoving);
    const isRationed = this.#isSoftware && isVolume;
    const share = !isRationed ? 1 : this.#isMoving || this.#frameMs === 0 ? this.#share : this.#stillShare();
    this.#gl.setSize(Math.max(1, Math.round(width * ratio * share)), Math.max(1, Math.round(height * ratio * share)));
    this.#renderer.resetCameraClippingRange();
    const start = performance.now();
    this.#window.render();
    if (this.#isSoftware) this.#wait();
    if (isRationed) this.#learn(performance.now() - start, share);
    this.#tellCamera();
  };

  /** Until the picture is there: otherwise a queue of pictures builds up and the window stands still behind it. */
  #wait(): void {
    const gl = this.#context;
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  /** How many pixels of a volume this machine manages; the time goes with their number. */
  #learn(tookMs: number, share: number): void {
    const isFirst = this.#frameMs === 0;
    this.#frameMs = tookMs / share ** 2;
    this.#share = Math.min(1, Math.max(LEAST_SHARE, Math.sqrt(FRAME_BUDGET_MS / Math.max(1, this.#frameMs))));
    if (isFirst) this.moved();
  }

  /** As many pixels as can be had in the time that a picture at rest may take. */
  #stillShare(): number {
    return Math.min(1, Math.max(this.#share, Math.sqrt(STILL_BUDGET_MS / Math.max(1, this.#frameMs))));
  }

  #tellCamera(): void {
    if (!this.#isFramed) return;
    const { camera } = this;
    const up = normalise(camera.getViewUp() as Vector3);
    const forward = normalise(camera.getDirectionOfProjection() as Vector3);
    const right = normalise([
      forward[1] * up[2] - forward[2] * up[1],
      forward[2] * up[0] - forward[0] * up[2],
      forward[0] * up[1] - forward[1] * up[0],
    ]);
    this.#onCamera({ right, up, pixelsPerMm: this.#size.height / 2 / camera.getParallelScale() });
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#restTimer);
    this.setImage(NO_IMAGE);
    this.setSegments(NO_IMAGE);
    cancelAnimationFrame(this.#frame);
    this.#window.removeRenderer(this.#renderer);
    this.#gl.setContainer(null as unknown as HTMLElement);
    this.#interactor.delete();
    this.#gl.delete();
    this.#renderer.delete();
    this.#window.delete();
  }
}

/** Either what is shown at rest or what is shown while moving. */
function showPart({ still, moving }: Pick<ImageProps, 'still' | 'moving'>, isMoving: boolean): void {
  const isQuick = isMoving && moving.length > 0;
  for (const prop of still) prop.setVisibility(!isQuick || moving.includes(prop));
  for (const prop of moving) prop.setVisibility(isQuick || still.includes(prop));
}
