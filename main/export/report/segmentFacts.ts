/** What the report says of each segment, in one pass over the voxels: number, mean, deviation, and where it shows best. */
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { planeAxes } from '#core/geometry/anatomicalAxes.ts';
import { type VolumeGeometry, volumeMl } from '#core/geometry/volumeGeometry.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';

export interface SegmentFacts {
  readonly segment: Segment;
  readonly voxels: number;
  readonly volumeMl: number;
  /** Of the volume's values, HU for CT. */
  readonly mean: number;
  /** Of the population. */
  readonly standardDeviation: number;
  /** Index along the plane's through axis where the segment has the largest area. */
  readonly bestIndex: Readonly<Record<Plane, number>>;
}

export function segmentFacts(
  volume: Volume,
  layers: readonly Labelmap[],
  segments: readonly Segment[],
): readonly SegmentFacts[] {
  return segments.map((segment) => factsOf(volume, layers[segment.layer]!, segment));
}

function factsOf({ geometry, scalars }: Volume, { voxels }: Labelmap, segment: Segment): SegmentFacts {
  const [ni, nj, nk] = geometry.size;
  const areas = [new Float64Array(ni), new Float64Array(nj), new Float64Array(nk)] as const;
  let n = 0;
  let sum = 0;
  let squares = 0;
  let at = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        if (voxels[at] !== segment.number) continue;
        n++;
        sum += scalars[at]!;
        squares += scalars[at]! ** 2;
        areas[0][i]!++;
        areas[1][j]!++;
        areas[2][k]!++;
      }
    }
  }
  const mean = sum / n;
  const best = areas.map((area) => area.indexOf(Math.max(...area)));
  const along = (plane: Plane): number => best[planeAxes(geometry, plane).through.axis] ?? 0;
  return {
    segment,
    voxels: n,
    volumeMl: volumeMl(geometry as VolumeGeometry, n),
    mean,
    standardDeviation: Math.sqrt(Math.max(0, squares / n - mean * mean)),
    bestIndex: { axial: along('axial'), coronal: along('coronal'), sagittal: along('sagittal') },
  };
}
