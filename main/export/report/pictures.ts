/** The report's and the demonstration's pictures: three planes through a segment, and all surfaces in space. LPS mm. */
import { PNG } from 'pngjs';
import { PLANES, type Plane } from '#core/geometry/anatomicalAxes.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { pictureSurface } from '#core/rendering/pictureSurface.ts';
import { rasteriseSurface } from '#core/rendering/rasteriseSurface.ts';
import { renderKeyImage } from '#core/rendering/renderKeyImage.ts';
import { blankImage, type Rgb, type RgbaImage } from '#core/rendering/rgbaImage.ts';
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

/** Height by width to which lower pictures are framed; a whole body's is higher and stays alone. */
const TALLEST = 1.15;

/** @param index along each plane's through axis */
export function planePictures(
  { volume, window, layers, segments, widthPx }: KeyImageRequest,
  index: Readonly<Record<Plane, number>>,
): readonly RgbaImage[] {
  const drawn = segments.map((s) => ({ ...s, visible: true, display: 'outline' as const }));
  const images = PLANES.map((plane) =>
    renderKeyImage(volume, [{ style: 'accepted', layers, segments: drawn }], {
      plane,
      index: index[plane],
      window,
      widthPx,
    }),
  );
  const height = Math.min(Math.max(...images.map((image) => image.height)), Math.round(TALLEST * widthPx));
  return images.map((image) => (image.height < height ? onBlack(image, height) : image));
}

/** Centred between black bars, as on a workstation's screen: the pictures of one row then have one height. */
function onBlack(image: RgbaImage, height: number): RgbaImage {
  const framed = blankImage(image.width, height);
  framed.rgba.set(image.rgba, 4 * image.width * ((height - image.height) >> 1));
  return framed;
}

export interface SurfacePicture {
  readonly layers: readonly Labelmap[];
  readonly segments: readonly Segment[];
  readonly geometry: VolumeGeometry;
  readonly size: readonly [width: number, height: number];
  readonly background: Rgb;
  readonly direction?: Vector3;
}

/** SNOMED CT 39607008, Lung: see-through in space, for it would hide what lies behind, and with a window of its own in slices. */
export function isLung({ codes }: Segment): boolean {
  return codes.type.scheme === 'SCT' && codes.type.value === '39607008';
}

/** So many cells of a surface across the field of view: about one for three pixels. */
const DETAILS_ACROSS = 280;

/** From the front and a little from the patient's left and above, head up. */
export function surfacePicture(request: SurfacePicture): RgbaImage {
  const { layers, segments, geometry, size, background, direction = [-0.42, 0.88, -0.2] } = request;
  const longestMm = Math.max(...geometry.size.map((n, axis) => n * (geometry.spacingMm[axis] ?? 1)));
  const surfaces = segments.map((segment) => ({
    mesh: pictureSurface(layers[segment.layer]!, segment.number, geometry, longestMm / DETAILS_ACROSS),
    color: segment.color,
    opacity: segments.length > 1 && isLung(segment) ? 0.35 : 1,
  }));
  return rasteriseSurface(surfaces, { direction, up: [0, 0, 1] }, { width: size[0], height: size[1], background });
}
