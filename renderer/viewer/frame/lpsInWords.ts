/** A place in the patient as a clinician reads it. LPS mm. */
import type { WorldPoint } from '#core/geometry/points.ts';

const LETTERS = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;

/** @returns "L 41.2 P 18.6 S 96.0 mm": the side of the origin, then the distance */
export function lpsInWords(point: WorldPoint): string {
  const parts = LETTERS.map(([positive, negative], axis) => {
    const value = point[axis] ?? 0;
    return `${value >= 0 ? positive : negative} ${Math.abs(value).toFixed(1)}`;
  });
  return `${parts.join(' ')} mm`;
}
