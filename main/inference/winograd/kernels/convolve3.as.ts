import { storeActivated } from './activation.as';
import { Constant, constant } from './constants.as';
import { clear, copy, field, fma } from './fields.as';
import { multiply } from './multiply.as';
import { fromPoints, toPoints } from './points.as';

/** Of a tile's points and a row of six voxels, for eight channels: what stands before the panels in a thread's scratch. */
const WORK_BYTES: usize = 7168;

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
  const pointBytes = (<usize>(inChunks * block) << 5) + 64;
  const productBytes = (<usize>(outChunks * block) << 5) + 64;
  const rowBytes = <usize>pitch << 5;
  const step = <usize>d << 5;
  const work = scratch, six = scratch + 6912;
  const points = scratch + WORK_BYTES;
  const products = points + pointBytes * 216;
  const first = field(p, 20) + unit * block;
  const count = min(block, field(p, 21) - first);

  for (let t = 0; t < count; t++) {
    // Phases lie inside of tiles along each axis, so that neighbours in the order are neighbours in memory.
    let n = first + t;
    const x0 = (n % (nx * d)) / d * 4 * d + n % d;
    n /= nx * d;
    const y0 = (n % (ny * d)) / d * 4 * d + n % d;
    n /= ny * d;
    const z0 = n / d * 4 * d + n % d;
    const isInside = !isPlanar && x0 >= d && x0 + 4 * d < width;
    for (let c = 0; c < inChunks; c++) {
      const values = source + sourceChunk * c;
      let row = work;
      for (let k = 0; k < 6; k++) {
        const z = z0 + (k - 1) * d;
        for (let j = 0; j < 6; j++, row += 192) {
          const y = y0 + (j - 1) * d;
          if (<u32>z >= <u32>depth || <u32>y >= <u32>height) {
            for (let n: usize = 0; n < 192; n += 32) clear(row + n);
            continue;
          }
          const plane = values + load<i32>(sourcePlanes + (<usize>z << 2));
          if (isInside) {
            toPoints(plane + rowBytes * y + (<usize>x0 << 5) - step, step, row, 32);
            continue;
          }
          let to = six;
          for (let x = x0 - d; to < six + 192; x += d, to += 32) {
            if (<u32>x >= <u32>width) clear(to);
            else if (isPlanar) {
              v128.store(to, v128.load32_zero(plane + (<usize>(y * width + x) << 2)));
              v128.store(to, f32x4.splat(0), 16);
            } else copy(plane + rowBytes * y + (<usize>x << 5), to);
          }
          toPoints(six, 32, row, 32);
        }
      }
      for (let k: usize = 0; k < 6912; k += 1152)
        for (let i: usize = 0; i < 192; i += 32) toPoints(work + k + i, 192, work + k + i, 192);
      let to = points + (<usize>(c * block + t) << 5);
      for (let n: usize = 0; n < 1152; n += 32, to += pointBytes) toPoints(work + n, 1152, to, pointBytes * 36);
    }
  }

  const weightBytes = <usize>inChunks << 8;
  const rows = (count + 5) / 6 * 6;
  let w = weights, a = points, m = products;
  for (let n = 0; n < 216; n++, a += pointBytes, m += productBytes) {
    let to = m;
    for (let c = 0; c < outChunks; c++, w += weightBytes, to += <usize>block << 5)
      multiply(a, <usize>block << 5, w, to, inputs, rows);
  }

  for (let c = 0; c < outChunks; c++) {
    const b = v128.load(bias + (<usize>c << 5)), e = v128.load(bias + (<usize>c << 5), 16);
    for (let t = 0; t < count; t++) {
      let n = first + t;
      const x0 = (n % (nx * d)) / d * 4 * d + n % d;
      n /= nx * d;
      const y0 = (n % (ny * d)) / d * 4 * d + n % d;
      n /= ny * d;
      const z0 = n / d * 4 * d + n % d;
      // Of phases that begin later, the last tile may lie beyond the row.
      if (x0 >= width) continue;
      let from = products + (<usize>(c * block + t) << 5);
      for (let n: usize = 0; n < 1152; n += 32, from += productBytes) fromPoints(from, productBytes * 36, work + n, 1152);
      for (let k: usize = 0; k < 4608; k += 1152)
        for (let i: usize = 0; i < 192; i += 32) fromPoints(work + k + i, 192, work + k + i, 192);
      for (let k = 0; k < 4; k++) {
        const z = z0 + k * d;
        if (z >= depth) break;
        for (let j = 0; j < 4; j++) {
          const y = y0 + j * d;
          if (y >= height) break;
          const row = work + <usize>(k * 1152 + j * 192);
          const at = target + targetChunk * c + load<i32>(targetPlanes + (<usize>z << 2)) + rowBytes * y + (<usize>x0 << 5);
          const x0a = f32x4.add(v128.load(row), b), y0a = f32x4.add(v128.load(row, 16), e);
          const x1 = v128.load(row, 32), y1 = v128.load(row, 48), x2 = v128.load(row, 64), y2 = v128.load(row, 80);
          const x3 = v128.load(row, 96), y3 = v128.load(row, 112), x4 = v128.load(row, 128), y4 = v128.load(row, 144);
          const x5 = f32x4.add(v128.load(row, 160), b), y5 = f32x4.add(v128.load(row, 176), e);
          const xp = f32x4.add(x1, x2), yp = f32x4.add(y1, y2), xq = f32x4.sub(x1, x2), yq = f32x4.sub(y1, y2);
          const xr = f32x4.add(x3, x4), yr = f32x4.add(y3, y4), xt = f32x4.sub(x3, x4), yt = f32x4.sub(y3, y4);
          storeActivated(at, f32x4.add(f32x4.add(x0a, xp), xr), f32x4.add(f32x4.add(y0a, yp), yr), kind, slope, other);
          if (x0 + d >= width) continue;
          const b1 = constant(Constant.B), a1 = constant(Constant.A);
          storeActivated(at + step, fma(b1, xt, fma(a1, xq, b)), fma(b1, yt, fma(a1, yq, e)), kind, slope, other);
          if (x0 + d * 2 >= width) continue;
          const b2 = constant(Constant.B2), a2 = constant(Constant.A2);
          storeActivated(at + step * 2, fma(b2, xr, fma(a2, xp, b)), fma(b2, yr, fma(a2, yp, e)), kind, slope, other);
          if (x0 + d * 3 >= width) continue;
          const b3 = constant(Constant.B3), a3 = constant(Constant.A3);
          storeActivated(at + step * 3, fma(b3, xt, fma(a3, xq, x5)), fma(b3, yt, fma(a3, yq, y5)), kind, slope, other);
        }
      }
    }
  }
}
