import { activated } from './activation.as';
import { field, fma } from './fields.as';
import { multiply } from './multiply.as';
import { A, A2, A3, B, B2, B3, fromPoints, pointsOf, toPoints } from './points.as';

/**
 * A convolution of 3 x 3 x 3 with padding as its dilation, stride 1: F(4 x 4 x 4, 3 x 3 x 3) after Lavin and Gray, 2016. A dilated one is
 * d^3 plain ones on every d-th voxel. Units of the tiles from `first` to `last`, in which x moves fastest; the planes of source and
 * target lie where their tables say. A planar source is a single channel, [z][y][x].
 */
export function convolve3(p: usize, unit: i32, scratch: usize): void {
  const source = <usize>field(p, 0), sourceChunk = <usize>field(p, 1), inChunks = field(p, 2), sourcePlanes = <usize>field(p, 3);
  const target = <usize>field(p, 4), targetChunk = <usize>field(p, 5), outChunks = field(p, 6), targetPlanes = <usize>field(p, 7);
  const depth = field(p, 8), height = field(p, 9), width = field(p, 10);
  const weights = <usize>field(p, 11), bias = <usize>field(p, 12);
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const d = field(p, 16), block = field(p, 17), ny = field(p, 18), nx = field(p, 19);
  const isPlanar = field(p, 22) != 0, pitch = field(p, 23), inputs = field(p, 24);
  const columns = (outChunks + 1) >> 1;
  const pointBytes = (<usize>(inChunks * block) << 4) + 64;
  const productBytes = (<usize>(columns * 2 * block) << 4) + 64;
  const rowBytes = <usize>pitch << 4;
  const step = <usize>d << 4;
  const work = scratch;
  const points = scratch + 3456;
  const products = points + pointBytes * 216;
  const first = field(p, 20) + unit * block;
  const count = min(block, field(p, 21) - first);
  const zero = f32x4.splat(0);

  for (let t = 0; t < count; t++) {
    // Phases lie inside of tiles along each axis, so that neighbours in the order are neighbours in memory.
    let n = first + t;
    const x0 = (n % (nx * d)) / d * 4 * d + n % d;
    n /= nx * d;
    const y0 = (n % (ny * d)) / d * 4 * d + n % d;
    n /= ny * d;
    const z0 = n / d * 4 * d + n % d;
    const isInside = x0 >= d && x0 + 4 * d < width;
    for (let c = 0; c < inChunks; c++) {
      const values = source + sourceChunk * c;
      let row = work;
      for (let k = 0; k < 6; k++) {
        const z = z0 + (k - 1) * d;
        for (let j = 0; j < 6; j++, row += 96) {
          const y = y0 + (j - 1) * d;
          if (<u32>z >= <u32>depth || <u32>y >= <u32>height) {
            v128.store(row, zero); v128.store(row, zero, 16); v128.store(row, zero, 32);
            v128.store(row, zero, 48); v128.store(row, zero, 64); v128.store(row, zero, 80);
            continue;
          }
          const plane = values + load<i32>(sourcePlanes + (<usize>z << 2));
          if (isPlanar) {
            const from = plane + (<usize>(y * width + x0) << 2) - (step >> 2), s = step >> 2;
            const v0 = x0 >= d ? v128.load32_zero(from) : zero;
            const v1 = x0 < width ? v128.load32_zero(from + s) : zero;
            const v2 = x0 + d < width ? v128.load32_zero(from + s * 2) : zero;
            const v3 = x0 + d * 2 < width ? v128.load32_zero(from + s * 3) : zero;
            const v4 = x0 + d * 3 < width ? v128.load32_zero(from + s * 4) : zero;
            const v5 = x0 + d * 4 < width ? v128.load32_zero(from + s * 5) : zero;
            pointsOf(v0, v1, v2, v3, v4, v5, row, 16);
            continue;
          }
          const at = plane + rowBytes * y + (<usize>x0 << 4) - step;
          if (isInside) toPoints(at, step, row, 16);
          else {
            const v0 = x0 >= d ? v128.load(at) : zero;
            const v1 = x0 < width ? v128.load(at + step) : zero;
            const v2 = x0 + d < width ? v128.load(at + step * 2) : zero;
            const v3 = x0 + d * 2 < width ? v128.load(at + step * 3) : zero;
            const v4 = x0 + d * 3 < width ? v128.load(at + step * 4) : zero;
            const v5 = x0 + d * 4 < width ? v128.load(at + step * 5) : zero;
            pointsOf(v0, v1, v2, v3, v4, v5, row, 16);
          }
        }
      }
      for (let k: usize = 0; k < 3456; k += 576)
        for (let i: usize = 0; i < 96; i += 16) toPoints(work + k + i, 96, work + k + i, 96);
      let to = points + (<usize>(c * block + t) << 4);
      for (let n: usize = 0; n < 576; n += 16, to += pointBytes) toPoints(work + n, 576, to, pointBytes * 36);
    }
  }

  const weightBytes = <usize>inChunks << 7;
  const rows = (count + 5) / 6 * 6;
  let w = weights, a = points, m = products;
  for (let n = 0; n < 216; n++, a += pointBytes, m += productBytes) {
    let to = m;
    for (let c = 0; c < columns; c++, w += weightBytes, to += <usize>block << 5)
      multiply(a, <usize>block << 4, w, to, <usize>block << 4, inputs, rows);
  }

  for (let c = 0; c < outChunks; c++) {
    const b = v128.load(bias + (<usize>c << 4));
    for (let t = 0; t < count; t++) {
      let n = first + t;
      const x0 = (n % (nx * d)) / d * 4 * d + n % d;
      n /= nx * d;
      const y0 = (n % (ny * d)) / d * 4 * d + n % d;
      n /= ny * d;
      const z0 = n / d * 4 * d + n % d;
      // Of phases that begin later, the last tile may lie beyond the row.
      if (x0 >= width) continue;
      let from = products + (<usize>(c * block + t) << 4);
      for (let n: usize = 0; n < 576; n += 16, from += productBytes) fromPoints(from, productBytes * 36, work + n, 576);
      for (let k: usize = 0; k < 2304; k += 576)
        for (let i: usize = 0; i < 96; i += 16) fromPoints(work + k + i, 96, work + k + i, 96);
      for (let k = 0; k < 4; k++) {
        const z = z0 + k * d;
        if (z >= depth) break;
        for (let j = 0; j < 4; j++) {
          const y = y0 + j * d;
          if (y >= height) break;
          const row = work + <usize>(k * 576 + j * 96);
          const at = target + targetChunk * c + load<i32>(targetPlanes + (<usize>z << 2)) + rowBytes * y + (<usize>x0 << 4);
          const m0 = f32x4.add(v128.load(row), b), m1 = v128.load(row, 16), m2 = v128.load(row, 32);
          const m3 = v128.load(row, 48), m4 = v128.load(row, 64), m5 = f32x4.add(v128.load(row, 80), b);
          const p = f32x4.add(m1, m2), q = f32x4.sub(m1, m2), r = f32x4.add(m3, m4), t = f32x4.sub(m3, m4);
          v128.store(at, activated(f32x4.add(f32x4.add(m0, p), r), kind, slope, other));
          if (x0 + d >= width) continue;
          const v1 = fma(f32x4.splat(B), t, fma(f32x4.splat(A), q, b));
          v128.store(at + step, activated(v1, kind, slope, other));
          if (x0 + d * 2 >= width) continue;
          const v2 = fma(f32x4.splat(B2), r, fma(f32x4.splat(A2), p, b));
          v128.store(at + step * 2, activated(v2, kind, slope, other));
          if (x0 + d * 3 >= width) continue;
          v128.store(at + step * 3, activated(fma(f32x4.splat(B3), t, fma(f32x4.splat(A3), q, m5)), kind, slope, other));
        }
      }
    }
  }
}
