/** What follows a layer, four numbers at a time. */
import { fma } from './fields.as';

/** e^x for x <= 0, relative error below 2e-7. */
@inline
function exponential(x: v128): v128 {
  x = f32x4.pmax(x, f32x4.splat(-87.0));
  // So far from 0 that a step of float32 is 1: adding rounds to whole numbers, and they stand in the lowest bits.
  const rounder = f32x4.splat(12582912.0);
  const rounded = fma(x, f32x4.splat(1.44269504088896341), rounder);
  const n = f32x4.sub(rounded, rounder);
  let r = fma(n, f32x4.splat(-0.693359375), x);
  r = fma(n, f32x4.splat(2.12194440e-4), r);
  let y = f32x4.splat(1.9875691500e-4);
  y = fma(y, r, f32x4.splat(1.3981999507e-3));
  y = fma(y, r, f32x4.splat(8.3334519073e-3));
  y = fma(y, r, f32x4.splat(4.1665795894e-2));
  y = fma(y, r, f32x4.splat(1.6666665459e-1));
  y = fma(y, r, f32x4.splat(5.0000001201e-1));
  y = f32x4.add(fma(f32x4.mul(r, r), y, r), f32x4.splat(1));
  return f32x4.mul(y, i32x4.add(i32x4.shl(rounded, 23), i32x4.splat(0x3f800000)));
}

/** kind 0: none; 1: ReLU; 2: ELU of alpha `slope`; 3: limits `slope` and `other`; 4: leaky ReLU of `slope`. NaN stays NaN. */
@inline
export function activated(x: v128, kind: i32, slope: v128, other: v128): v128 {
  if (kind == 0) return x;
  // b where it is greater than a, else a.
  if (kind == 1) return f32x4.pmax(x, f32x4.splat(0));
  const negative = f32x4.lt(x, f32x4.splat(0));
  if (kind == 4) return v128.bitselect(f32x4.mul(x, slope), x, negative);
  if (kind == 2) return v128.bitselect(fma(slope, exponential(x), f32x4.neg(slope)), x, negative);
  return f32x4.min(f32x4.max(x, slope), other);
}
