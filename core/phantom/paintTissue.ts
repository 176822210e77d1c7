/** Lays one tissue over a volume: the truth by voxel centres, the HU with the share of the voxel that lies inside. */
import type { Tissue } from './anatomy/tissue.ts';

export interface Canvas {
  readonly hu: Float32Array;
  readonly labels: Uint8Array;
  /** Voxel centres along i, j, k in the anatomy's space, mm. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array];
  /** Voxel edges in the anatomy's space, mm. */
  readonly spacing: readonly [number, number, number];
}

function indexRange(axis: Float64Array, spacing: number, low: number, high: number): readonly [number, number] {
  const first = axis[0] ?? 0;
  return [
    Math.max(0, Math.floor((low - first) / spacing - 0.5)),
    Math.min(axis.length - 1, Math.ceil((high - first) / spacing + 0.5)),
  ];
}

/**
 * Edge voxels are supersampled: eight sub-cells, each with a linear ramp over its own width, so that a flat edge comes out
 * at its exact share and a thin sheet at about its own.
 */
export function paintTissue(canvas: Canvas, { solid, hu, label }: Tissue): void {
  const [xs, ys, zs] = canvas.axes;
  const [sx, sy, sz] = canvas.spacing;
  const [i0, i1] = indexRange(xs, sx, solid.min[0], solid.max[0]);
  const [j0, j1] = indexRange(ys, sy, solid.min[1], solid.max[1]);
  const [k0, k1] = indexRange(zs, sz, solid.min[2], solid.max[2]);
  const reach = 0.55 * Math.hypot(sx, sy, sz);
  const [hx, hy, hz] = [sx / 4, sy / 4, sz / 4];
  const ramp = 1.2 * Math.cbrt((sx * sy * sz) / 8);
  for (let k = k0; k <= k1; k++) {
    const z = zs[k]!;
    for (let j = j0; j <= j1; j++) {
      const y = ys[j]!;
      const row = xs.length * (j + ys.length * k);
      for (let i = i0; i <= i1; i++) {
        const x = xs[i]!;
        const d = solid.distanceMm(x, y, z);
        if (d > reach) continue;
        const at = row + i;
        if (d <= 0 && label !== 'keep') canvas.labels[at] = label;
        if (d < -reach) {
          canvas.hu[at] = hu;
          continue;
        }
        let share = 0;
        for (let part = 0; part < 8; part++) {
          const e = solid.distanceMm(x + (part & 1 ? hx : -hx), y + (part & 2 ? hy : -hy), z + (part & 4 ? hz : -hz));
          const s = 0.5 - e / ramp;
          share += s <= 0 ? 0 : Math.min(s, 1);
        }
        canvas.hu[at] = canvas.hu[at]! + (hu - canvas.hu[at]!) * (share / 8);
      }
    }
  }
}
