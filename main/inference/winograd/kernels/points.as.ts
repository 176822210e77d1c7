/** Tiles of F(4, 3) to their points and back, along one axis: Lavin and Gray, 2016; the filters: core/onnx/winograd/filterPoints.ts. */
import { Constant, constant } from './constants.as';
import { fma } from './fields.as';

/** Six values of eight channels at `src`, `ss` bytes apart, to their six points. */
@inline
export function toPoints(src: usize, ss: usize, dst: usize, ds: usize): void {
  const s1 = src + ss, s2 = src + ss * 2, s3 = src + ss * 3, s4 = src + ss * 4, s5 = src + ss * 5;
  const d1 = dst + ds, d2 = dst + ds * 2, d3 = dst + ds * 3, d4 = dst + ds * 4, d5 = dst + ds * 5;
  const x0 = v128.load(src), y0 = v128.load(src, 16), x1 = v128.load(s1), y1 = v128.load(s1, 16);
  const x2 = v128.load(s2), y2 = v128.load(s2, 16), x3 = v128.load(s3), y3 = v128.load(s3, 16);
  const x4 = v128.load(s4), y4 = v128.load(s4, 16), x5 = v128.load(s5), y5 = v128.load(s5, 16);
  const s = constant(Constant.MINUS_SUM), a2 = constant(Constant.MINUS_A2), b2 = constant(Constant.MINUS_B2);
  const a = constant(Constant.A), b = constant(Constant.B);
  v128.store(dst, fma(s, x2, f32x4.add(x4, x0)));
  v128.store(dst, fma(s, y2, f32x4.add(y4, y0)), 16);
  const xt1 = fma(b2, x2, x4), yt1 = fma(b2, y2, y4);
  const xu1 = f32x4.mul(a, fma(b2, x1, x3)), yu1 = f32x4.mul(a, fma(b2, y1, y3));
  v128.store(d1, f32x4.add(xt1, xu1));
  v128.store(d1, f32x4.add(yt1, yu1), 16);
  v128.store(d2, f32x4.sub(xt1, xu1));
  v128.store(d2, f32x4.sub(yt1, yu1), 16);
  const xt2 = fma(a2, x2, x4), yt2 = fma(a2, y2, y4);
  const xu2 = f32x4.mul(b, fma(a2, x1, x3)), yu2 = f32x4.mul(b, fma(a2, y1, y3));
  v128.store(d3, f32x4.add(xt2, xu2));
  v128.store(d3, f32x4.add(yt2, yu2), 16);
  v128.store(d4, f32x4.sub(xt2, xu2));
  v128.store(d4, f32x4.sub(yt2, yu2), 16);
  v128.store(d5, fma(s, x3, f32x4.add(x5, x1)));
  v128.store(d5, fma(s, y3, f32x4.add(y5, y1)), 16);
}

/** Six points of eight channels to four results. */
@inline
export function fromPoints(src: usize, ss: usize, dst: usize, ds: usize): void {
  const s1 = src + ss, s2 = src + ss * 2, s3 = src + ss * 3, s4 = src + ss * 4, s5 = src + ss * 5;
  const d1 = dst + ds, d2 = dst + ds * 2, d3 = dst + ds * 3;
  const x0 = v128.load(src), y0 = v128.load(src, 16), x1 = v128.load(s1), y1 = v128.load(s1, 16);
  const x2 = v128.load(s2), y2 = v128.load(s2, 16), x3 = v128.load(s3), y3 = v128.load(s3, 16);
  const x4 = v128.load(s4), y4 = v128.load(s4, 16), x5 = v128.load(s5), y5 = v128.load(s5, 16);
  const a = constant(Constant.A), a2 = constant(Constant.A2), a3 = constant(Constant.A3);
  const b = constant(Constant.B), b2 = constant(Constant.B2), b3 = constant(Constant.B3);
  const xp = f32x4.add(x1, x2), yp = f32x4.add(y1, y2), xq = f32x4.sub(x1, x2), yq = f32x4.sub(y1, y2);
  const xr = f32x4.add(x3, x4), yr = f32x4.add(y3, y4), xt = f32x4.sub(x3, x4), yt = f32x4.sub(y3, y4);
  v128.store(dst, f32x4.add(f32x4.add(x0, xp), xr));
  v128.store(dst, f32x4.add(f32x4.add(y0, yp), yr), 16);
  v128.store(d1, fma(b, xt, f32x4.mul(a, xq)));
  v128.store(d1, fma(b, yt, f32x4.mul(a, yq)), 16);
  v128.store(d2, fma(b2, xr, f32x4.mul(a2, xp)));
  v128.store(d2, fma(b2, yr, f32x4.mul(a2, yp)), 16);
  v128.store(d3, fma(b3, xt, fma(a3, xq, x5)));
  v128.store(d3, fma(b3, yt, fma(a3, yq, y5)), 16);
}
