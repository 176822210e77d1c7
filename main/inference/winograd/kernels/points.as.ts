/** Tiles of F(4, 3) to their points and back, along one axis: Lavin and Gray, 2016; the filters: core/onnx/winograd/filterPoints.ts. */
import { fma } from './fields.as';

/** Tap and tile of F(4, 3): six points 0, ±2/3, ±3/2, ∞. Their product of squares is 1, and float32 keeps a relative error of 1e-6. */
export const A: f32 = 2.0 / 3.0;
export const B: f32 = 1.5;
export const A2: f32 = A * A;
export const B2: f32 = B * B;
export const A3: f32 = A2 * A;
export const B3: f32 = B2 * B;
const SUM: f32 = A2 + B2;

/** Six values at `src`, `ss` bytes apart, to their six points. */
@inline
export function toPoints(src: usize, ss: usize, dst: usize, ds: usize): void {
  const x0 = v128.load(src);
  const x1 = v128.load(src + ss);
  const x2 = v128.load(src + ss * 2);
  const x3 = v128.load(src + ss * 3);
  const x4 = v128.load(src + ss * 4);
  const x5 = v128.load(src + ss * 5);
  pointsOf(x0, x1, x2, x3, x4, x5, dst, ds);
}

@inline
export function pointsOf(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128, dst: usize, ds: usize): void {
  const s = f32x4.splat(-SUM);
  const a2 = f32x4.splat(-A2);
  const b2 = f32x4.splat(-B2);
  v128.store(dst, fma(s, x2, f32x4.add(x4, x0)));
  const t1 = fma(b2, x2, x4);
  const u1 = f32x4.mul(f32x4.splat(A), fma(b2, x1, x3));
  v128.store(dst + ds, f32x4.add(t1, u1));
  v128.store(dst + ds * 2, f32x4.sub(t1, u1));
  const t2 = fma(a2, x2, x4);
  const u2 = f32x4.mul(f32x4.splat(B), fma(a2, x1, x3));
  v128.store(dst + ds * 3, f32x4.add(t2, u2));
  v128.store(dst + ds * 4, f32x4.sub(t2, u2));
  v128.store(dst + ds * 5, fma(s, x3, f32x4.add(x5, x1)));
}

/** Six points to four results. */
@inline
export function fromPoints(src: usize, ss: usize, dst: usize, ds: usize): void {
  const m0 = v128.load(src);
  const m1 = v128.load(src + ss);
  const m2 = v128.load(src + ss * 2);
  const m3 = v128.load(src + ss * 3);
  const m4 = v128.load(src + ss * 4);
  const m5 = v128.load(src + ss * 5);
  const p = f32x4.add(m1, m2);
  const q = f32x4.sub(m1, m2);
  const r = f32x4.add(m3, m4);
  const t = f32x4.sub(m3, m4);
  v128.store(dst, f32x4.add(f32x4.add(m0, p), r));
  v128.store(dst + ds, fma(f32x4.splat(B), t, f32x4.mul(f32x4.splat(A), q)));
  v128.store(dst + ds * 2, fma(f32x4.splat(B2), r, f32x4.mul(f32x4.splat(A2), p)));
  v128.store(dst + ds * 3, fma(f32x4.splat(B3), t, fma(f32x4.splat(A3), q, m5)));
}
