/**
 * A slice as prompts see it: pixels in screen order (core/rendering/extractSlice.ts), continuous pixel coordinates with 0 at the centre
 * of the first pixel. Everything in core/prompt works on such a slice. Next: segmentSlice.ts.
 */
export interface PromptSlice {
  readonly width: number;
  readonly height: number;
  /** Distance of pixel centres along x and y. */
  readonly pixelSpacingMm: readonly [x: number, y: number];
  /** Modality units, row by row. */
  readonly values: Float32Array;
}

export interface SlicePoint {
  readonly x: number;
  readonly y: number;
  readonly inside: boolean;
}

/** Pixel centres of two opposite corners, both included. */
export interface SliceBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface SlicePrompt {
  readonly points: readonly SlicePoint[];
  readonly box: SliceBox | null;
}
