/** The labelmaps that a list of segments needs: one a layer, wide enough for the segments' numbers. */
import type { Vector3 } from '../geometry/points.ts';
import { emptyLabelmap, type Labelmap } from './labelmap.ts';
import type { Segment } from './segment.ts';

/**
 * @returns the layers given, with empty ones added and byte maps widened to two bytes where a number above 255 lies on them;
 * labelmaps that are wide enough are handed through, not copied. There is always a layer 0.
 */
export function layersFor(
  segments: readonly Segment[],
  layers: readonly Labelmap[],
  size: Vector3,
): readonly Labelmap[] {
  const count = segments.reduce((n, { layer }) => Math.max(n, layer + 1), Math.max(1, layers.length));
  const wide = new Set(segments.filter(({ number }) => number > 0xff).map(({ layer }) => layer));
  if (count === layers.length && [...wide].every((at) => layers[at]?.voxels instanceof Uint16Array)) return layers;
  return Array.from({ length: count }, (_, at) => {
    const labelmap = layers[at] ?? emptyLabelmap(size);
    return wide.has(at) && labelmap.voxels instanceof Uint8Array
      ? { size, voxels: Uint16Array.from(labelmap.voxels) }
      : labelmap;
  });
}

/** @returns how many voxels each label has; label 0 is left out */
export function countLabels(labelmap: Labelmap): Map<number, number> {
  const { voxels } = labelmap;
  const bins = new Uint32Array(voxels instanceof Uint8Array ? 256 : 65_536);
  for (let o = 0; o < voxels.length; o++) bins[voxels[o]!]!++;
  const counts = new Map<number, number>();
  for (let label = 1; label < bins.length; label++) if (bins[label]! > 0) counts.set(label, bins[label]!);
  return counts;
}
