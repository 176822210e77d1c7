/**
 * Brings a map of a deeper, coarser level of a network to the size of its window: trilinear, both cover the same extent, as torch's
 * `interpolate(mode="trilinear", align_corners=False)`. Order: i fastest, then j, then k.
 */
import type { Vector3 } from '../../geometry/points.ts';

/** @returns the map itself where it has the size */
export function stretch(map: Float32Array, from: Vector3, to: Vector3): Float32Array {
  if (from.every((n, a) => n === to[a])) return map;
  const [along0, along1, along2] = ([0, 1, 2] as const).map((a) => places(from[a], to[a])) as [Places, Places, Places];
  const target = new Float32Array(to[0] * to[1] * to[2]);
  let n = 0;
  for (let k = 0; k < to[2]; k++) {
    for (let j = 0; j < to[1]; j++) {
      for (let i = 0; i < to[0]; i++, n++) {
        const row = (jj: number, kk: number): number => {
          const at = from[0] * (jj + from[1] * kk);
          const low = map[at + along0.lower[i]!]!;
          return low + along0.fraction[i]! * (map[at + along0.upper[i]!]! - low);
        };
        const plane = (kk: number): number => {
          const low = row(along1.lower[j]!, kk);
          return low + along1.fraction[j]! * (row(along1.upper[j]!, kk) - low);
        };
        const low = plane(along2.lower[k]!);
        target[n] = low + along2.fraction[k]! * (plane(along2.upper[k]!) - low);
      }
    }
  }
  return target;
}

interface Places {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly fraction: Float64Array;
}

function places(from: number, to: number): Places {
  const at = Float64Array.from({ length: to }, (_, n) => Math.max(0, ((n + 0.5) * from) / to - 0.5));
  const lower = Int32Array.from(at, (x) => Math.min(from - 1, Math.floor(x)));
  return {
    lower,
    upper: lower.map((n) => Math.min(from - 1, n + 1)),
    fraction: at.map((x, n) => x - lower[n]!),
  };
}
