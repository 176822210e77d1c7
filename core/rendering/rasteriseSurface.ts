/**
 * Surfaces as a picture without a graphics card: parallel projection, z-buffer, smooth normals, a headlight and a key light.
 * For reports and the demonstration. Coordinates: LPS mm in, picture pixels out. Next: surfaceShading.ts.
 */
import { cross, dot, normalise, type Vector3 } from '../geometry/points.ts';
import { blankImage, type Rgb, type RgbaImage, rgbOfHex } from './rgbaImage.ts';
import { shade, vertexNormals } from './surfaceShading.ts';

export interface DrawnSurface {
  readonly mesh: {
    /** x, y, z of each vertex, LPS mm. */
    readonly positions: Float32Array;
    /** Three vertices a triangle. */
    readonly triangles: Uint32Array;
  };
  /** "#rrggbb" */
  readonly color: string;
  /** 0 … 1 */
  readonly opacity: number;
}

export interface SurfaceCamera {
  /** The way the eye looks, LPS; [0, 1, 0] sees the patient from the front. */
  readonly direction: Vector3;
  /** What is up in the picture, LPS; need not be at a right angle to `direction`. */
  readonly up: Vector3;
}

export interface SurfacePictureOptions {
  readonly width: number;
  readonly height: number;
  readonly background?: Rgb | undefined;
  /** Samples per pixel and axis; default 2. */
  readonly supersampling?: number | undefined;
}

/** One surface's nearest hit per sample. */
interface Layer {
  readonly depth: Float32Array;
  readonly color: Uint8ClampedArray;
  readonly opacity: number;
}

/** @returns the meshes, fitted to the picture; see-through ones are mixed from the back to the front */
export function rasteriseSurface(
  surfaces: readonly DrawnSurface[],
  camera: SurfaceCamera,
  { width, height, background = [0, 0, 0], supersampling = 2 }: SurfacePictureOptions,
): RgbaImage {
  const w = width * supersampling;
  const h = height * supersampling;
  const forward = normalise(camera.direction);
  const right = normalise(cross(forward, camera.up));
  const down = cross(forward, right);
  const projected = surfaces.map(({ mesh }) => project(mesh.positions, right, down, forward));
  const fit = fitToPicture(projected, w, h);
  const layers = surfaces.flatMap((surface, n): Layer[] => {
    if (surface.opacity <= 0 || surface.mesh.triangles.length === 0) return [];
    return [drawLayer(surface, projected[n]!, fit, [right, down, forward], w, h)];
  });
  return average(composite(layers, background, w, h), supersampling, width, height);
}

/** @returns x (right), y (down), depth of each vertex, mm */
function project(positions: Float32Array, right: Vector3, down: Vector3, forward: Vector3): Float32Array {
  const result = new Float32Array(positions.length);
  for (let n = 0; n < positions.length; n += 3) {
    const p: Vector3 = [positions[n]!, positions[n + 1]!, positions[n + 2]!];
    result[n] = dot(p, right);
    result[n + 1] = dot(p, down);
    result[n + 2] = dot(p, forward);
  }
  return result;
}

interface Fit {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

function fitToPicture(projected: readonly Float32Array[], w: number, h: number): Fit {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const points of projected) {
    for (let n = 0; n < points.length; n += 3) {
      left = Math.min(left, points[n]!);
      right = Math.max(right, points[n]!);
      top = Math.min(top, points[n + 1]!);
      bottom = Math.max(bottom, points[n + 1]!);
    }
  }
  if (left > right) return { scale: 1, x: 0, y: 0 };
  const scale = 0.92 * Math.min(w / Math.max(1e-6, right - left), h / Math.max(1e-6, bottom - top));
  return { scale, x: w / 2 - (scale * (left + right)) / 2, y: h / 2 - (scale * (top + bottom)) / 2 };
}

function drawLayer(
  { mesh, color, opacity }: DrawnSurface,
  points: Float32Array,
  fit: Fit,
  basis: readonly [Vector3, Vector3, Vector3],
  w: number,
  h: number,
): Layer {
  const normals = vertexNormals(mesh.positions, mesh.triangles);
  const depth = new Float32Array(w * h).fill(Infinity);
  const picture = new Uint8ClampedArray(w * h * 4);
  const rgb = rgbOfHex(color);
  const { triangles } = mesh;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t]! * 3;
    const b = triangles[t + 1]! * 3;
    const c = triangles[t + 2]! * 3;
    const ax = points[a]! * fit.scale + fit.x;
    const ay = points[a + 1]! * fit.scale + fit.y;
    const bx = points[b]! * fit.scale + fit.x;
    const by = points[b + 1]! * fit.scale + fit.y;
    const cx = points[c]! * fit.scale + fit.x;
    const cy = points[c + 1]! * fit.scale + fit.y;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const x1 = Math.min(w - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const y1 = Math.min(h - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const px = x + 0.5;
        const py = y + 0.5;
        const wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
        const wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
        const wc = 1 - wa - wb;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        const z = wa * points[a + 2]! + wb * points[b + 2]! + wc * points[c + 2]!;
        const at = y * w + x;
        if (z >= depth[at]!) continue;
        depth[at] = z;
        const normal: Vector3 = [
          wa * normals[a]! + wb * normals[b]! + wc * normals[c]!,
          wa * normals[a + 1]! + wb * normals[b + 1]! + wc * normals[c + 1]!,
          wa * normals[a + 2]! + wb * normals[b + 2]! + wc * normals[c + 2]!,
        ];
        shade(picture, at * 4, rgb, normal, basis);
      }
    }
  }
  return { depth, color: picture, opacity };
}

function composite(layers: readonly Layer[], background: Rgb, w: number, h: number): RgbaImage {
  const image = blankImage(w, h, background);
  const hits: Layer[] = [];
  for (let at = 0; at < w * h; at++) {
    hits.length = 0;
    for (const layer of layers) if (layer.depth[at] !== Infinity) hits.push(layer);
    if (hits.length === 0) continue;
    if (hits.length > 1) hits.sort((p, q) => q.depth[at]! - p.depth[at]!);
    for (const { color, opacity } of hits) {
      for (let n = at * 4; n < at * 4 + 3; n++) {
        image.rgba[n] = image.rgba[n]! * (1 - opacity) + color[n]! * opacity;
      }
    }
  }
  return image;
}

function average(image: RgbaImage, factor: number, width: number, height: number): RgbaImage {
  if (factor === 1) return image;
  const result = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++) {
          for (let dx = 0; dx < factor; dx++) {
            sum += image.rgba[4 * ((y * factor + dy) * image.width + x * factor + dx) + channel]!;
          }
        }
        result.rgba[4 * (y * width + x) + channel] = sum / (factor * factor);
      }
    }
  }
  return result;
}
