/**
 * Slices of labelled structures, each with the prompts that a person would give: the box around the largest part of the structure in
 * that slice, and a click on its deepest point. The slices are spread evenly over the structure, with no regard to how well they do.
 */
import { planeAxes } from '../../../core/geometry/anatomicalAxes.ts';
import { extractLabelSlice, extractSlice, type Slice } from '../../../core/rendering/extractSlice.ts';
import { componentsMask, connectedComponents } from '../../../core/segmentation/connectedComponents.ts';
import { squaredDistanceMm2 } from '../../../core/segmentation/distanceTransform.ts';
import type { LabelledVolume } from './labelledVolumes.ts';

export interface StructureSlice {
  readonly volume: string;
  readonly modality: string;
  readonly structure: string;
  readonly index: number;
  readonly slice: Slice;
  /** The largest part of the structure in the slice. */
  readonly truth: Uint8Array;

  readonly click: readonly [x: number, y: number];
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
}

/** Smaller parts are not asked for: a person would paint them. */
const LEAST_PIXELS = 40;
const LEAST_MM2 = 100;

export function structureSlices(
  { name, modality, volume, structures }: LabelledVolume,
  perStructure: number,
): StructureSlice[] {
  const through = planeAxes(volume.geometry, 'axial').through.axis;
  const count = volume.geometry.size[through];
  return structures.flatMap(({ name: structure, voxels }) => {
    const usable: Omit<StructureSlice, 'slice'>[] = [];
    for (let index = 0; index < count; index++) {
      const label = extractLabelSlice({ size: volume.geometry.size, voxels }, volume.geometry, 'axial', index);
      const part = largestPart(label);
      if (part) usable.push({ volume: name, modality, structure, index, ...part });
    }
    const chosen = Array.from(
      { length: Math.min(perStructure, usable.length) },
      (_, n) => usable[Math.floor(((n + 0.5) * usable.length) / Math.min(perStructure, usable.length))],
    );
    return chosen.flatMap((c) => (c ? [{ ...c, slice: extractSlice(volume, 'axial', c.index) }] : []));
  });
}

function largestPart(label: Slice<Uint8Array | Uint16Array>): Pick<StructureSlice, 'truth' | 'click' | 'box'> | null {
  const { width, height, pixelSpacingMm } = label;
  const mask = {
    box: { min: [0, 0, 0], max: [width - 1, height - 1, 0] },
    size: [width, height, 1],
    voxels: Uint8Array.from(label.values),
  } as const;
  const components = connectedComponents(mask, 'faces');
  const most = Math.max(0, ...components.sizes);
  const areaMm2 = most * pixelSpacingMm[0] * pixelSpacingMm[1];
  if (most < LEAST_PIXELS || areaMm2 < LEAST_MM2) return null;
  const truth = componentsMask(mask, components, (c) => c === components.sizes.indexOf(most));
  const depth = squaredDistanceMm2({ ...mask, voxels: truth }, [pixelSpacingMm[0], pixelSpacingMm[1], 1], 0);
  let deepest = 0;
  const box: [number, number, number, number] = [width, height, -1, -1];
  for (const [o, inside] of truth.entries()) {
    if (inside === 0) continue;
    const x = o % width;
    const y = (o - x) / width;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
    if ((depth[o] ?? 0) > (depth[deepest] ?? 0) || truth[deepest] === 0) deepest = o;
  }
  return { truth, box, click: [deepest % width, Math.floor(deepest / width)] };
}
