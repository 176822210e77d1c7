/** A light blur (1-2-1 along each axis) that takes the noise off an image before its surface is looked at. Not for measuring. */
import type { Vector3 } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';

/** @returns a copy with every value mixed with its neighbours; at the border the value stands in for the missing one */
export function smoothVolume({ geometry, scalars }: Volume): Volume {
  const values = Float32Array.from(scalars);
  for (const axis of [0, 1, 2] as const) blurAlong(values, geometry.size, axis);
  return { geometry, scalars: values };
}

/** In place: the value before is remembered while a line is walked. */
function blurAlong(values: Float32Array, size: Vector3, axis: 0 | 1 | 2): void {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const n = size[axis];
  const lines = values.length / n;
  for (let line = 0; line < lines; line++) {
    const start = (line % stride) + Math.floor(line / stride) * stride * n;
    let before = values[start]!;
    for (let at = start, step = 0; step < n; step++, at += stride) {
      const here = values[at]!;
      const after = step + 1 < n ? values[at + stride]! : here;
      values[at] = (before + 2 * here + after) / 4;
      before = here;
    }
  }
}
