/**
 * Draws segments over a slice: fill and a crisp outline along the voxels' edges; proposals dashed and hatched.
 * A stroke costs work in proportion to the slices it touches: a box that misses the slice costs nothing.
 * Coordinates: canvas = device pixels. The same for reports, without a canvas: core/rendering/drawOverlay.ts.
 */
import { type Plane, planeAxes } from '#core/geometry/anatomicalAxes.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { DASH_PX, HATCH_LINE_PX, HATCH_PERIOD_PX } from '#core/rendering/drawOverlay.ts';
import { extractLabelSlice } from '#core/rendering/extractSlice.ts';
import { type ClosedPath, labelBoxes, outlinePaths } from '#core/rendering/outlinePaths.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Overlay } from '../overlay.ts';
import { isSame, sizedContext } from './sizedContext.ts';
import type { SliceTransform, ViewSize } from './sliceTransform.ts';

const COARSE_ALPHA = 0.7;
const COARSE_DASH_PX = [2, 5];

/** Outlines of one layer's labels in the slice shown. */
interface LayerOutlines {
  readonly index: number;
  readonly layer: Labelmap;
  readonly revision: number;
  readonly paths: ReadonlyMap<number, readonly ClosedPath[]>;
  readonly buffer: Labelmap['voxels'];
}

export class OverlayPainter {
  readonly #plane: Plane;
  readonly #canvas: HTMLCanvasElement;
  readonly #outlines = new Map<string, LayerOutlines>();
  #key: readonly unknown[] = [];

  constructor(plane: Plane, canvas: HTMLCanvasElement) {
    this.#plane = plane;
    this.#canvas = canvas;
  }

  /** @param bare the segmentation that is drawn without fills; null: none */
  paint(
    overlays: readonly Overlay[],
    bare: string | null,
    grid: VolumeGeometry,
    index: number,
    t: SliceTransform,
    size: ViewSize,
    ratio: number,
  ): void {
    const outlines = overlays.map((overlay) =>
      overlay.layers.map((layer, n) => this.#outlinesOf(overlay, layer, n, grid, index)),
    );
    const key = [
      ...[bare, t.left, t.top, t.scaleX, t.scaleY, size.width, size.height, ratio],
      ...outlines.flat().map(({ paths }) => paths),
      ...overlays.flatMap(({ segments, style }) => [segments, style]),
    ];
    if (isSame(key, this.#key)) return;
    this.#key = key;
    const context = sizedContext(this.#canvas, size.width, size.height, ratio);
    if (context === null) return;
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    overlays.forEach((overlay, n) => {
      for (const segment of overlay.segments) {
        if (!segment.visible) continue;
        const paths = outlines[n]?.[segment.layer]?.paths.get(segment.number);
        if (paths === undefined) continue;
        const path = devicePath(paths, t, ratio);
        const tentative = overlay.style !== 'accepted';
        const isCoarse = overlay.style === 'coarse';
        const isBare = overlay.segmentationId === bare;
        if (segment.display !== 'outline' && !isBare) {
          context.globalAlpha = tentative && !isCoarse ? Math.min(1, segment.opacity * 2) : segment.opacity;
          context.fillStyle = (tentative && hatch(context, segment.color, ratio)) || segment.color;
          context.fill(path, 'evenodd');
        }
        if (segment.display === 'fill' && !isBare) continue;
        context.globalAlpha = isCoarse ? COARSE_ALPHA : 1;
        context.strokeStyle = segment.color;
        // An even width round whole device pixels has sharp edges.
        context.lineWidth = 2 * Math.max(1, Math.round(ratio));
        const dash = isCoarse ? COARSE_DASH_PX : tentative ? DASH_PX : [];
        context.setLineDash(dash.map((px) => px * ratio));
        context.stroke(path);
      }
    });
    context.globalAlpha = 1;
  }

  #outlinesOf(overlay: Overlay, layer: Labelmap, n: number, grid: VolumeGeometry, index: number): LayerOutlines {
    const id = `${overlay.segmentationId}/${overlay.style}/${n}`;
    const known = this.#outlines.get(id);
    if (known !== undefined && known.index === index && known.layer === layer) {
      if (known.revision === overlay.revision) return known;
      // One step behind: the box of that step says whether this slice was touched at all.
      const { axis } = planeAxes(grid, this.#plane).through;
      const box = known.revision === overlay.revision - 1 ? overlay.changed : null;
      if (box !== null && (index < box.min[axis] || index > box.max[axis])) {
        const still = { ...known, revision: overlay.revision };
        this.#outlines.set(id, still);
        return still;
      }
    }
    const slice = extractLabelSlice(layer, grid, this.#plane, index, known?.buffer);
    const paths = new Map(
      [...labelBoxes(slice)].map(([label, box]) => [label, outlinePaths(slice, label, box)] as const),
    );
    const outlines = { index, layer, revision: overlay.revision, paths, buffer: slice.values };
    this.#outlines.set(id, outlines);
    return outlines;
  }
}

function devicePath(paths: readonly ClosedPath[], t: SliceTransform, ratio: number): Path2D {
  const path = new Path2D();
  for (const corners of paths) {
    for (let n = 0; n < corners.length; n += 2) {
      const x = Math.round((t.left + corners[n]! * t.scaleX) * ratio);
      const y = Math.round((t.top + corners[n + 1]! * t.scaleY) * ratio);
      if (n === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    path.closePath();
  }
  return path;
}

const hatches = new Map<string, CanvasPattern>();

/** Diagonal lines in a colour. */
function hatch(context: CanvasRenderingContext2D, color: string, ratio: number): CanvasPattern | null {
  const period = Math.max(4, Math.round(HATCH_PERIOD_PX * ratio));
  const key = `${color}/${period}`;
  const known = hatches.get(key);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  tile.width = period;
  tile.height = period;
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.strokeStyle = color;
  pen.lineWidth = HATCH_LINE_PX * 0.7 * ratio;
  // The same line in the neighbouring tiles, so that the corners join.
  for (const shift of [-period, 0, period]) {
    pen.beginPath();
    pen.moveTo(shift - 1, period + 1);
    pen.lineTo(shift + period + 1, -1);
    pen.stroke();
  }
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern !== null) hatches.set(key, pattern);
  return pattern;
}
