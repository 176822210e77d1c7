/**
 * Draws one plane's slice and its segments on two canvases, once per animation frame and only what has changed.
 * Reads the stores, writes none. Coordinates: canvas = device pixels. Next: overlayPainter.ts, sliceTransform.ts.
 */
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { extractSlice } from '#core/rendering/extractSlice.ts';
import { blendScalars, type ScalarOverlay } from '#core/rendering/scalarOverlay.ts';
import { extractSlab } from '#core/rendering/slab.ts';
import { applyWindow, type WindowLut, windowLut } from '#core/rendering/windowLevel.ts';
import type { Scalars, Volume } from '#core/volume/volume.ts';
import type { MapOverlay, Overlay } from '../overlay.ts';
import { shownSlice, useViewer, type ViewerState } from '../viewerStore.ts';
import { OverlayPainter } from './overlayPainter.ts';
import { isSame, sizedContext } from './sizedContext.ts';
import { type SliceTransform, sliceTransform, type ViewSize } from './sliceTransform.ts';

export class SlicePainter {
  readonly #plane: Plane;
  readonly #image: HTMLCanvasElement;
  readonly #overlays: OverlayPainter;
  readonly #overlaysOf: () => readonly Overlay[];
  readonly #mapOf: () => MapOverlay | null;
  /** The slice at one pixel a voxel, before it is stretched over the view. */
  readonly #source = document.createElement('canvas');
  #pixels: ImageData | null = null;
  #buffer: Scalars | undefined;
  #lut: WindowLut | null = null;
  #sliceKey: readonly unknown[] = [];
  #drawnKey: readonly unknown[] = [];
  #frame = 0;
  #size: ViewSize & { readonly ratio: number } = { width: 0, height: 0, ratio: 1 };

  constructor(
    plane: Plane,
    image: HTMLCanvasElement,
    overlay: HTMLCanvasElement,
    overlaysOf: () => readonly Overlay[],
    mapOf: () => MapOverlay | null,
  ) {
    this.#plane = plane;
    this.#image = image;
    this.#overlays = new OverlayPainter(plane, overlay);
    this.#overlaysOf = overlaysOf;
    this.#mapOf = mapOf;
  }

  /** @param size CSS pixels @param ratio device pixels per CSS pixel */
  resize(size: ViewSize, ratio: number): void {
    this.#size = { ...size, ratio };
    this.schedule();
  }

  /** Something may have changed; several calls cost one drawing. */
  schedule = (): void => {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#paint);
  };

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #paint = (): void => {
    this.#frame = 0;
    const state = useViewer.getState();
    const { width, height, ratio } = this.#size;
    const shown = shownSlice(state, this.#plane);
    if (shown === null || state.volume === null || width === 0 || height === 0) return;
    const transform = sliceTransform(shown.layout, this.#size, state.cameras[this.#plane]);
    const over = this.#mapOf();
    this.#cut(state, state.volume, shown.index, over?.map ?? null);
    this.#stretch(transform, ratio);
    // What lies on the map would hide it: of that segmentation the outlines are left.
    const bare = over?.segmentationId ?? null;
    this.#overlays.paint(this.#overlaysOf(), bare, state.volume.geometry, shown.index, transform, this.#size, ratio);
  };

  /** The slice in grey, the map laid over it, when image, slice, slab, window or map are others than before. */
  #cut({ volumeRevision, slab, window }: ViewerState, volume: Volume, index: number, over: ScalarOverlay | null): void {
    const key = [volume, volumeRevision, index, slab, window, over];
    if (isSame(key, this.#sliceKey)) return;
    const { mode, thicknessMm } = slab;
    const slice =
      mode === 'off'
        ? extractSlice(volume, this.#plane, index, this.#buffer)
        : extractSlab(volume, this.#plane, index, { mode, thicknessMm });
    this.#buffer = slice.values;
    if (this.#lut?.window !== window) this.#lut = windowLut(window);
    if (this.#pixels?.width !== slice.width || this.#pixels.height !== slice.height) {
      this.#pixels = new ImageData(slice.width, slice.height);
      this.#source.width = slice.width;
      this.#source.height = slice.height;
    }
    applyWindow(slice.values, this.#lut, this.#pixels.data);
    if (over !== null) {
      const map: Volume = { geometry: volume.geometry, scalars: over.values };
      // Of a slab the largest value, as nothing may be hidden by its thickness.
      const shown =
        mode === 'off'
          ? extractSlice(map, this.#plane, index)
          : extractSlab(map, this.#plane, index, { mode: 'maximum', thicknessMm });
      blendScalars(this.#pixels.data, shown.values, over);
    }
    this.#source.getContext('2d')?.putImageData(this.#pixels, 0, 0);
    this.#sliceKey = key;
    this.#drawnKey = [];
  }

  #stretch(t: SliceTransform, ratio: number): void {
    const { width, height } = this.#size;
    const key = [t.left, t.top, t.scaleX, t.scaleY, width, height, ratio];
    if (isSame(key, this.#drawnKey)) return;
    const context = sizedContext(this.#image, width, height, ratio);
    if (context === null) return;
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.#image.width, this.#image.height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = t.scaleX * ratio < 1 || t.scaleY * ratio < 1 ? 'high' : 'medium';
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { width: columns, height: rows } = this.#source;
    context.drawImage(this.#source, t.left, t.top, columns * t.scaleX, rows * t.scaleY);
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.#drawnKey = key;
  }
}
