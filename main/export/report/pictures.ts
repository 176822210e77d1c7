/** The report's and the demonstration's pictures: three planes through a segment, and all surfaces in space. LPS mm. */
import { PNG } from 'pngjs';
import { PLANES, type Plane } from '#core/geometry/anatomicalAxes.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { extractSurface } from '#core/meshing/buildSurface.ts';
import { rasteriseSurface } from '#core/rendering/rasteriseSurface.ts';
import { renderKeyImage } from '#core/rendering/renderKeyImage.ts';
import type { Rgb, RgbaImage } from '#core/rendering/rgbaImage.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';

export function pngOf(image: RgbaImage): Buffer {
  const png = new PNG({ width: image.width, height: image.height });
  png.data = Buffer.from(image.rgba.buffer, image.rgba.byteOffset, image.rgba.byteLength);
  return PNG.sync.write(png, { colorType: 2 });
}

export interface KeyImageRequest {
  readonly volume: Volume;
  readonly window: { readonly center: number; readonly width: number };
  readonly layers: readonly Labelmap[];
  readonly segments: readonly Segment[];
  readonly widthPx: number;
}

/** @param index along each plane's through axis */
export function planePictures(
  { volume, window, layers, segments, widthPx }: KeyImageRequest,
  index: Readonly<Record<Plane, number>>,
): readonly RgbaImage[] {
  const drawn = segments.map((s) => ({ ...s, visible: true, display: 'outline' as const }));
  return PLANES.map((plane) =>
    renderKeyImage(volume, [{ style: 'accepted', layers, segments: drawn }], {
      plane,
      index: index[plane],
      window,
      widthPx,
    }),
  );
}

export interface SurfacePicture {
  readonly layers: readonly Labelmap[];
  readonly segments: readonly Segment[];
  readonly geometry: VolumeGeometry;
  readonly size: readonly [width: number, height: number];
  readonly background: Rgb;
  readonly direction?: Vector3;
  /** 0 … 1 by segment number; 1 without it. */
  readonly opacityOf?: (segment: Segment) => number;
}

/** From the front and a little from the patient's left and above, head up. */
export function surfacePicture(request: SurfacePicture): RgbaImage {
  const { layers, segments, geometry, size, background, direction = [-0.42, 0.88, -0.2] } = request;
  const surfaces = segments.map((segment) => ({
    mesh: extractSurface(layers[segment.layer]!, segment.number, geometry),
    color: segment.color,
    opacity: request.opacityOf?.(segment) ?? 1,
  }));
  return rasteriseSurface(surfaces, { direction, up: [0, 0, 1] }, { width: size[0], height: size[1], background });
}
