/** What follows a layer. */
import { Constant, constant } from './constants.as';
import { fma } from './fields.as';

/** e^x for x <= 0, relative error below 2e-7. */
@inline
export function exponential(x: v128): v128 {
  x = f32x4.pmax(x, constant(Constant.LEAST));
  // So far from 0 that a step of float32 is 1: adding rounds to whole numbers, and they stand in the lowest bits.
  const rounder = constant(Constant.ROUNDER);
  const rounded = fma(x, constant(Constant.PER_LN2), rounder);
  const n = f32x4.sub(rounded, rounder);
  let r = fma(n, constant(Constant.MINUS_LN2), x);
  r = fma(n, constant(Constant.LN2_REST), r);
  let y = constant(Constant.P0);
  y = fma(y, r, constant(Constant.P1));
  y = fma(y, r, constant(Constant.P2));
  y = fma(y, r, constant(Constant.P3));
  y = fma(y, r, constant(Constant.P4));
  y = fma(y, r, constant(Constant.P5));
  const one = constant(Constant.ONE);
  y = f32x4.add(fma(f32x4.mul(r, r), y, r), one);
  return f32x4.mul(y, i32x4.add(i32x4.shl(rounded, 23), one));
}

@inline
function elu(x: v128, alpha: v128): v128 {
  return v128.bitselect(fma(alpha, exponential(x), f32x4.neg(alpha)), x, f32x4.lt(x, f32x4.splat(0)));
}

@inline
function leaky(x: v128, slope: v128): v128 {
  return v128.bitselect(f32x4.mul(x, slope), x, f32x4.lt(x, f32x4.splat(0)));
}

@inline
function limited(x: v128, low: v128, high: v128): v128 {
  return f32x4.min(f32x4.max(x, low), high);
}

/**
 * Stores eight channels, of kind 0 as they are; 1: ReLU; 2: ELU of alpha `slope`; 3: between `slope` and `other`; 4: leaky ReLU of `slope`.
 * NaN stays NaN.
 */
@inline
export function storeActivated(at: usize, x: v128, y: v128, kind: i32, slope: v128, other: v128): void {
  if (kind == 2) {
    const u = elu(x, slope), v = elu(y, slope);
    v128.store(at, u);
    v128.store(at, v, 16);
  } else if (kind == 1) {
    // b where it is greater than a, else a.
    v128.store(at, f32x4.pmax(x, f32x4.splat(0)));
    v128.store(at, f32x4.pmax(y, f32x4.splat(0)), 16);
  } else if (kind == 4) {
    const u = leaky(x, slope), v = leaky(y, slope);
    v128.store(at, u);
    v128.store(at, v, 16);
  } else if (kind == 3) {
    const u = limited(x, slope, other), v = limited(y, slope, other);
    v128.store(at, u);
    v128.store(at, v, 16);
  } else {
    v128.store(at, x);
    v128.store(at, y, 16);
  }
}
