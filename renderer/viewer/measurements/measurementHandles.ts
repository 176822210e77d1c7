/**
 * Where a measurement can be taken hold of: its points; of an ellipse the four ends of its axes, which lie on it, where its
 * corners do not. CSS pixels. Used by MeasurementShapes.tsx; the drag: measurementDrag.ts.
 */
import type { Measurement } from '#contract/schemas/measurement.ts';
import type { SliceLayout } from '#core/rendering/sliceLayout.ts';
import type { ScreenPoint } from './labelPlaces.ts';

export interface Handle {
  readonly id: string;
  readonly at: ScreenPoint;
  /** Which of the measurement's points it moves. */
  readonly point: number;
  /** Along this voxel axis only; null: freely. */
  readonly axis: 0 | 1 | 2 | null;
}

export function handlesOf(
  kind: Measurement['kind'],
  points: readonly ScreenPoint[],
  { axes }: Pick<SliceLayout, 'axes'>,
): Handle[] {
  const [a, b] = points;
  if (kind !== 'ellipse' || a === undefined || b === undefined)
    return points.map((at, point) => ({ id: `point-${point}`, at, point, axis: null }));
  const middle: ScreenPoint = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  return [a, b].flatMap((corner, point): Handle[] => [
    { id: `x-${point}`, at: [corner[0], middle[1]], point, axis: axes.right.axis },
    { id: `y-${point}`, at: [middle[0], corner[1]], point, axis: axes.down.axis },
  ]);
}
