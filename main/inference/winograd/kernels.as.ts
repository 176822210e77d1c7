/**
 * Layers of 3D networks, in WebAssembly with vectors of four channels. AssemblyScript; kernelsCode.ts holds what it compiles to.
 *
 * A value is blocked: [chunk of 4 channels][z][y][x][4], float32; channels that do not exist hold finite numbers of no meaning. Rows lie `pitch` voxels apart, planes
 * where a table says, so that what is read together does not fall into the same few places of the cache.
 * A layer is a row of 32-bit numbers at `p` (its fields: core/onnx/winograd/encodeLayers.ts) and falls into units that threads take one by one; `scratch` is
 * the thread's own.
 */

/** Tap and tile of F(4, 3): six points 0, ±2/3, ±3/2, ∞. Their product of squares is 1, and float32 keeps a relative error of 1e-6. */
const A: f32 = 2.0 / 3.0;
const B: f32 = 1.5;
const A2: f32 = A * A;
const B2: f32 = B * B;
const A3: f32 = A2 * A;
const B3: f32 = B2 * B;
const SUM: f32 = A2 + B2;

// @ts-expect-error: decorator
@inline
function field(p: usize, n: i32): i32 {
  return load<i32>(p + (<usize>n << 2));
}

// @ts-expect-error: decorator
@inline
function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** Six values at `src`, `ss` bytes apart, to their six points. */
// @ts-expect-error: decorator
@inline
function toPoints(src: usize, ss: usize, dst: usize, ds: usize): void {
  const x0 = v128.load(src);
  const x1 = v128.load(src + ss);
  const x2 = v128.load(src + ss * 2);
  const x3 = v128.load(src + ss * 3);
  const x4 = v128.load(src + ss * 4);
  const x5 = v128.load(src + ss * 5);
  pointsOf(x0, x1, x2, x3, x4, x5, dst, ds);
}

// @ts-expect-error: decorator
@inline
function pointsOf(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128, dst: usize, ds: usize): void {
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
// @ts-expect-error: decorator
@inline
function fromPoints(src: usize, ss: usize, dst: usize, ds: usize): void {
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

/** e^x for x <= 0, relative error below 2e-7. */
// @ts-expect-error: decorator
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
// @ts-expect-error: decorator
@inline
function activated(x: v128, kind: i32, slope: v128, other: v128): v128 {
  if (kind == 0) return x;
  // b where it is greater than a, else a.
  if (kind == 1) return f32x4.pmax(x, f32x4.splat(0));
  const negative = f32x4.lt(x, f32x4.splat(0));
  if (kind == 4) return v128.bitselect(f32x4.mul(x, slope), x, negative);
  if (kind == 2) return v128.bitselect(fma(slope, exponential(x), f32x4.neg(slope)), x, negative);
  return f32x4.min(f32x4.max(x, slope), other);
}

/**
 * `rows` (a multiple of 6) rows of `a` times eight columns: a is [chunks of 4 inputs][rows of the panel][4], chunks `as_` bytes apart; b is
 * [inputs, filled up to chunks][8]; the product goes to c, four columns, and c + cs, four columns, 16 bytes a row.
 */
function multiply(a: usize, as_: usize, b: usize, c: usize, cs: usize, inputs: i32, rows: i32): void {
  const end = b + (<usize>(inputs >> 2) << 7);
  for (; rows > 0; rows -= 6) {
    const zero = f32x4.splat(0);
    let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
    let c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
    let pa = a;
    for (let pb = b; pb < end; pb += 128) {
      let b0 = v128.load(pb), b1 = v128.load(pb, 16);
      let x = v128.load32_splat(pa); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 16); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 32); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 48); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 64); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 80); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      b0 = v128.load(pb, 32); b1 = v128.load(pb, 48);
      x = v128.load32_splat(pa, 4); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 20); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 36); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 52); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 68); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 84); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      b0 = v128.load(pb, 64); b1 = v128.load(pb, 80);
      x = v128.load32_splat(pa, 8); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 24); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 40); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 56); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 72); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 88); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      b0 = v128.load(pb, 96); b1 = v128.load(pb, 112);
      x = v128.load32_splat(pa, 12); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 28); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 44); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 60); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 76); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 92); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      pa += as_;
    }
    for (let pb = end, n = inputs & 3; n > 0; n--, pb += 32, pa += 4) {
      const b0 = v128.load(pb), b1 = v128.load(pb, 16);
      let x = v128.load32_splat(pa); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 16); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 32); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 48); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 64); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 80); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
    }
    const c2 = c + cs;
    v128.store(c, c00); v128.store(c, c10, 16); v128.store(c, c20, 32);
    v128.store(c, c30, 48); v128.store(c, c40, 64); v128.store(c, c50, 80);
    v128.store(c2, c01); v128.store(c2, c11, 16); v128.store(c2, c21, 32);
    v128.store(c2, c31, 48); v128.store(c2, c41, 64); v128.store(c2, c51, 80);
    a += 96;
    c += 96;
  }
}

/**
 * A convolution of 3 x 3 x 3 with padding as its dilation, stride 1: F(4 x 4 x 4, 3 x 3 x 3) after Lavin and Gray, 2016. A dilated one is
 * d^3 plain ones on every d-th voxel. Units of the tiles from `first` to `last`, in which x moves fastest; the planes of source and
 * target lie where their tables say. A planar source is a single channel, [z][y][x].
 */
function convolve3(p: usize, unit: i32, scratch: usize): void {
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

/** Where a unit of a row-wise layer lies: rows fall into segments of `block` voxels. */
// @ts-expect-error: decorator
@inline
function segments(width: i32, block: i32): i32 {
  return (width + block - 1) / block;
}

/**
 * Any convolution, as a product with the voxels under each tap. Where it is the network's last, `mode` 1 writes scores [channel][z][y][x]
 * and 2 the class of the highest score, uint8 [z][y][x], of equal ones the first, with the sum of a unit's scores at `sums`.
 */
function convolve(p: usize, unit: i32, scratch: usize): void {
  const source = <usize>field(p, 0), sourceChunk = <usize>field(p, 1), inChunks = field(p, 2), sourcePlanes = <usize>field(p, 3);
  const target = <usize>field(p, 4), targetChunk = <usize>field(p, 5), outChunks = field(p, 6), targetPlanes = <usize>field(p, 7);
  const depth = field(p, 8), height = field(p, 9), width = field(p, 10);
  const weights = <usize>field(p, 11), bias = <usize>field(p, 12);
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const mode = field(p, 16), block = field(p, 17), outHeight = field(p, 18), outWidth = field(p, 19);
  const kz = field(p, 20), ky = field(p, 21), kx = field(p, 22);
  const sz = field(p, 23), sy = field(p, 24), sx = field(p, 25);
  const dz = field(p, 26), dy = field(p, 27), dx = field(p, 28);
  const bz = field(p, 29), by = field(p, 30), bx = field(p, 31);
  const channels = field(p, 32), sums = <usize>field(p, 33), pitch = field(p, 34), outPitch = field(p, 35);
  const columns = (outChunks + 1) >> 1;
  const perRow = segments(outWidth, block);
  const x0 = unit % perRow * block;
  const y0 = unit / perRow % outHeight;
  const z0 = unit / perRow / outHeight;
  const count = min(block, outWidth - x0);
  const rows = (count + 5) / 6 * 6;
  const panel = <usize>rows << 4;
  const zero = f32x4.splat(0);
  const taps = kz * ky * kx * inChunks;
  // A pointwise one needs no panel: the last rows of a segment may be its neighbours', whose products are not kept.
  const isPointwise = taps == inChunks && sz * sy * sx == 1 && bz + by + bx == 0;
  let to = scratch;
  for (let k = isPointwise ? kz : 0; k < kz; k++) {
    const z = z0 * sz - bz + k * dz;
    for (let j = 0; j < ky; j++) {
      const y = y0 * sy - by + j * dy;
      const isRow = <u32>z < <u32>depth && <u32>y < <u32>height;
      const row = isRow ? source + load<i32>(sourcePlanes + (<usize>z << 2)) + (<usize>(y * pitch) << 4) : 0;
      for (let i = 0; i < kx; i++) {
        for (let c = 0; c < inChunks; c++) {
          const values = row + sourceChunk * c;
          for (let n = 0; n < rows; n++, to += 16) {
            const x = (x0 + n) * sx - bx + i * dx;
            v128.store(to, isRow && n < count && <u32>x < <u32>width ? v128.load(values + (<usize>x << 4)) : zero);
          }
        }
      }
    }
  }
  const products = to;
  const a = isPointwise ? source + load<i32>(sourcePlanes + (<usize>z0 << 2)) + (<usize>(y0 * pitch + x0) << 4) : scratch;
  const as_ = isPointwise ? sourceChunk : panel;
  for (let c = 0; c < columns; c++)
    multiply(a, as_, weights + (<usize>(taps * c) << 7), products + panel * 2 * c, panel, taps << 2, rows);
  if (mode == 0) {
    const at = target + load<i32>(targetPlanes + (<usize>z0 << 2)) + (<usize>(y0 * outPitch + x0) << 4);
    for (let c = 0; c < outChunks; c++) {
      const b = v128.load(bias + (<usize>c << 4));
      const from = products + panel * c, into = at + targetChunk * c;
      for (let n: usize = 0; n < <usize>count << 4; n += 16)
        v128.store(into + n, activated(f32x4.add(v128.load(from + n), b), kind, slope, other));
    }
    return;
  }
  for (let c = 0; c < outChunks; c++) {
    const b = v128.load(bias + (<usize>c << 4));
    const from = products + panel * c;
    for (let n: usize = 0; n < <usize>count << 4; n += 16)
      v128.store(from + n, activated(f32x4.add(v128.load(from + n), b), kind, slope, other));
  }
  const voxel = <usize>((z0 * outHeight + y0) * outWidth + x0);
  if (mode == 1) {
    for (let c = 0; c < channels; c++) {
      let from = products + panel * (c >> 2) + ((c & 3) << 2);
      let into = target + targetChunk * c + (voxel << 2);
      for (let n = 0; n < count; n++, from += 16, into += 4) store<f32>(into, load<f32>(from));
    }
    return;
  }
  // By lane first: the best of every fourth channel.
  const beyond = i32x4.ge_s(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat((outChunks - 1) << 2)), i32x4.splat(channels));
  let sum = zero;
  for (let n = 0; n < count; n++) {
    let from = products + (<usize>n << 4);
    let best = v128.load(from);
    sum = f32x4.add(sum, best);
    if (outChunks == 1) best = v128.bitselect(f32x4.splat(-Infinity), best, beyond);
    let index = i32x4(0, 1, 2, 3), here = index;
    for (let c = 1; c < outChunks; c++) {
      from += panel;
      here = i32x4.add(here, i32x4.splat(4));
      let score = v128.load(from);
      sum = f32x4.add(sum, score);
      if (c == outChunks - 1) score = v128.bitselect(f32x4.splat(-Infinity), score, beyond);
      const isBetter = f32x4.gt(score, best);
      best = v128.bitselect(score, best, isBetter);
      index = v128.bitselect(here, index, isBetter);
    }
    let top = f32x4.extract_lane(best, 0), found = i32x4.extract_lane(index, 0);
    let score = f32x4.extract_lane(best, 1), rival = i32x4.extract_lane(index, 1);
    if (score > top || (score == top && rival < found)) { top = score; found = rival; }
    score = f32x4.extract_lane(best, 2); rival = i32x4.extract_lane(index, 2);
    if (score > top || (score == top && rival < found)) { top = score; found = rival; }
    score = f32x4.extract_lane(best, 3); rival = i32x4.extract_lane(index, 3);
    if (score > top || (score == top && rival < found)) { top = score; found = rival; }
    store<u8>(target + voxel + n, <u8>found);
  }
  const total = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  store<f32>(sums + (<usize>unit << 2), total);
}

/** A transposed convolution whose kernel is as wide as its step. A unit is a segment of an input row. */
function spread(p: usize, unit: i32, scratch: usize): void {
  const source = <usize>field(p, 0), sourceChunk = <usize>field(p, 1), inChunks = field(p, 2);
  const target = <usize>field(p, 4), targetChunk = <usize>field(p, 5), outChunks = field(p, 6);
  const height = field(p, 9), width = field(p, 10);
  const weights = <usize>field(p, 11), bias = <usize>field(p, 12);
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const block = field(p, 17), sz = field(p, 23), sy = field(p, 24), sx = field(p, 25);
  const sourcePlanes = <usize>field(p, 3), targetPlanes = <usize>field(p, 7), pitch = field(p, 34), outPitch = field(p, 35);
  const columns = (outChunks + 1) >> 1;
  const perRow = segments(width, block);
  const x0 = unit % perRow * block;
  const y0 = unit / perRow % height;
  const z0 = unit / perRow / height;
  const count = min(block, width - x0);
  const rows = (count + 5) / 6 * 6;
  const panel = <usize>rows << 4;
  const from = source + load<i32>(sourcePlanes + (<usize>z0 << 2)) + (<usize>(y0 * pitch + x0) << 4);
  for (let c = 0; c < inChunks; c++)
    for (let n = 0; n < rows; n++)
      v128.store(
        scratch + panel * c + (<usize>n << 4),
        n < count ? v128.load(from + sourceChunk * c + (<usize>n << 4)) : f32x4.splat(0),
      );
  const products = scratch + panel * inChunks;
  let w = weights;
  for (let k = 0; k < sz; k++)
    for (let j = 0; j < sy; j++)
      for (let i = 0; i < sx; i++) {
        for (let c = 0; c < columns; c++, w += <usize>inChunks << 7)
          multiply(scratch, panel, w, products + panel * 2 * c, panel, inChunks << 2, rows);
        const plane = target + load<i32>(targetPlanes + (<usize>(z0 * sz + k) << 2));
        const at = plane + (<usize>((y0 * sy + j) * outPitch + x0 * sx + i) << 4);
        for (let c = 0; c < outChunks; c++) {
          const b = v128.load(bias + (<usize>c << 4));
          const into = at + targetChunk * c;
          for (let n = 0; n < count; n++)
            v128.store(
              into + (<usize>(n * sx) << 4),
              activated(f32x4.add(v128.load(products + panel * c + (<usize>n << 4)), b), kind, slope, other),
            );
        }
      }
}

/** Maximum (mode 0) or mean (mode 1) of boxes that do not overlap. A unit is a row of a chunk. */
function pool(p: usize, unit: i32, scratch: usize): void {
  const source = <usize>field(p, 0), sourceChunk = <usize>field(p, 1);
  const target = <usize>field(p, 4), targetChunk = <usize>field(p, 5);
  const mode = field(p, 16), outHeight = field(p, 18), outWidth = field(p, 19), outDepth = field(p, 20);
  const sz = field(p, 23), sy = field(p, 24), sx = field(p, 25);
  const sourcePlanes = <usize>field(p, 3), targetPlanes = <usize>field(p, 7), pitch = field(p, 34), outPitch = field(p, 35);
  const y0 = unit % outHeight;
  const z0 = unit / outHeight % outDepth;
  const c = unit / outHeight / outDepth;
  const values = source + sourceChunk * c;
  let to = target + targetChunk * c + load<i32>(targetPlanes + (<usize>z0 << 2)) + (<usize>(y0 * outPitch) << 4);
  const share = f32x4.splat(<f32>1 / <f32>(sz * sy * sx));
  for (let x0 = 0; x0 < outWidth; x0++, to += 16) {
    let found = mode == 0 ? f32x4.splat(-Infinity) : f32x4.splat(0);
    for (let k = 0; k < sz; k++)
      for (let j = 0; j < sy; j++) {
        const plane = values + load<i32>(sourcePlanes + (<usize>(z0 * sz + k) << 2));
        let at = plane + (<usize>((y0 * sy + j) * pitch + x0 * sx) << 4);
        for (let i = 0; i < sx; i++, at += 16) {
          const v = v128.load(at);
          found = mode == 0 ? f32x4.max(found, v) : f32x4.add(found, v);
        }
      }
    v128.store(to, mode == 0 ? found : f32x4.mul(found, share));
  }
}

/** Element-wise layers take a plane of a chunk as a unit: voxels of a plane with its padding at field 8, planes at 9. */

/** y = activation(x · scale + shift). */
function scale(p: usize, unit: i32, scratch: usize): void {
  const c = unit / field(p, 9);
  const a = v128.load(<usize>field(p, 11) + (<usize>c << 4));
  const b = v128.load(<usize>field(p, 12) + (<usize>c << 4));
  affine(p, unit, a, b);
}

// @ts-expect-error: decorator
@inline
function affine(p: usize, unit: i32, a: v128, b: v128): void {
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const bytes = <usize>field(p, 8) << 4;
  const from = planeOf(p, 0, unit, bytes), to = planeOf(p, 4, unit, bytes);
  for (let n: usize = 0; n < bytes; n += 16) v128.store(to + n, activated(fma(v128.load(from + n), a, b), kind, slope, other));
}

// @ts-expect-error: decorator
@inline
function planeOf(p: usize, n: i32, unit: i32, bytes: usize): usize {
  const planes = field(p, 9);
  return <usize>field(p, n) + <usize>field(p, n + 1) * (unit / planes) + bytes * (unit % planes);
}

/** y = activation(x + other x), the other at field 16. */
function add(p: usize, unit: i32, scratch: usize): void {
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const bytes = <usize>field(p, 8) << 4;
  const a = planeOf(p, 0, unit, bytes), b = planeOf(p, 16, unit, bytes), to = planeOf(p, 4, unit, bytes);
  for (let n: usize = 0; n < bytes; n += 16)
    v128.store(to + n, activated(f32x4.add(v128.load(a + n), v128.load(b + n)), kind, slope, other));
}

/** Sums of a plane's four channels (around their mean, squared, once the means are known), in float64, to field 18. */
function sums(p: usize, unit: i32, scratch: usize): void {
  collect(p, unit, f32x4.splat(0), false, <usize>field(p, 18));
}

function squares(p: usize, unit: i32, scratch: usize): void {
  collect(p, unit, meanOf(p, unit, <usize>field(p, 18)), true, <usize>field(p, 19));
}

/** Instance norm: field 11 gamma, 12 beta, 20 epsilon. */
function normalise(p: usize, unit: i32, scratch: usize): void {
  const c = <usize>(unit / field(p, 9)) << 4;
  const mean = meanOf(p, unit, <usize>field(p, 18));
  const variance = meanOf(p, unit, <usize>field(p, 19));
  const deviation = f32x4.sqrt(f32x4.add(variance, f32x4.splat(load<f32>(p + 80))));
  const a = f32x4.div(v128.load(<usize>field(p, 11) + c), deviation);
  affine(p, unit, a, f32x4.sub(v128.load(<usize>field(p, 12) + c), f32x4.mul(mean, a)));
}

function collect(p: usize, unit: i32, mean: v128, isSquared: bool, to: usize): void {
  const row = <usize>field(p, 21) << 4, pitch = <usize>field(p, 23) << 4;
  let from = planeOf(p, 0, unit, <usize>field(p, 8) << 4);
  let low = f64x2.splat(0), high = low;
  for (let y = field(p, 22); y > 0; y--, from += pitch) {
    let part = f32x4.splat(0);
    for (let n: usize = 0; n < row; n += 16) {
      const v = f32x4.sub(v128.load(from + n), mean);
      part = isSquared ? fma(v, v, part) : f32x4.add(part, v);
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(part));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i8x16.shuffle(part, part, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)));
  }
  v128.store(to + (<usize>unit << 5), low);
  v128.store(to + (<usize>unit << 5), high, 16);
}

function meanOf(p: usize, unit: i32, from: usize): v128 {
  const planes = field(p, 9);
  let at = from + (<usize>(unit / planes * planes) << 5);
  let low = f64x2.splat(0), high = low;
  for (let n = 0; n < planes; n++, at += 32) {
    low = f64x2.add(low, v128.load(at));
    high = f64x2.add(high, v128.load(at, 16));
  }
  const count = f64x2.splat(<f64>planes * <f64>(field(p, 21) * field(p, 22)));
  low = f32x4.demote_f64x2_zero(f64x2.div(low, count));
  high = f32x4.demote_f64x2_zero(f64x2.div(high, count));
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

/** [channel][z][y][x] to blocks. Field 16: channels; a unit is a plane of a chunk. */
function pack(p: usize, unit: i32, scratch: usize): void {
  const planes = field(p, 9), channels = field(p, 16), width = field(p, 21), height = field(p, 22), pitch = field(p, 23);
  const c = unit / planes, z = unit % planes;
  const plane = planeOf(p, 4, unit, <usize>field(p, 8) << 4);
  for (let lane = 0; lane < 4; lane++) {
    const isThere = c * 4 + lane < channels;
    let from = <usize>field(p, 0) + (<usize>(((c * 4 + lane) * planes + z) * width * height) << 2);
    for (let y = 0; y < height; y++) {
      let to = plane + (<usize>(y * pitch) << 4) + (lane << 2);
      for (let x = 0; x < width; x++, from += 4, to += 16) store<f32>(to, isThere ? load<f32>(from) : 0);
    }
  }
}

/** Blocks to [channel][z][y][x]; a unit is a plane of a channel. */
function unpack(p: usize, unit: i32, scratch: usize): void {
  const planes = field(p, 9), width = field(p, 21), height = field(p, 22), pitch = field(p, 23);
  const c = unit / planes, z = unit % planes;
  const plane = <usize>field(p, 0) + <usize>field(p, 1) * (c >> 2) + ((<usize>z * field(p, 8)) << 4) + ((c & 3) << 2);
  let to = <usize>field(p, 4) + (<usize>(unit * width * height) << 2);
  for (let y = 0; y < height; y++) {
    let from = plane + (<usize>(y * pitch) << 4);
    for (let x = 0; x < width; x++, from += 16, to += 4) store<f32>(to, load<f32>(from));
  }
}

/** One layer's unit. */
function work(kernel: i32, p: usize, unit: i32, scratch: usize): void {
  switch (kernel) {
    case 0: convolve3(p, unit, scratch); break;
    case 1: convolve(p, unit, scratch); break;
    case 2: spread(p, unit, scratch); break;
    case 3: pool(p, unit, scratch); break;
    case 4: scale(p, unit, scratch); break;
    case 5: add(p, unit, scratch); break;
    case 6: sums(p, unit, scratch); break;
    case 7: squares(p, unit, scratch); break;
    case 8: normalise(p, unit, scratch); break;
    case 9: pack(p, unit, scratch); break;
    case 10: unpack(p, unit, scratch); break;
    default: unreachable();
  }
}

/** Looks at a counter before a thread sleeps: a layer's units end within microseconds of each other. */
const LOOKS = 20000;
/** Nanoseconds after which a thread that does not come is taken to be dead. */
const PATIENCE: i64 = 120000000000;

/**
 * All layers, one after the other, together with the other threads. At `control`: order number, end flag, threads, layers, where they
 * stand (kernel, p, units each), two counters a layer (the next unit; threads that have come to its end, of all orders so far), scratch,
 * bytes of it a thread. A slow thread may still be looking at the last counter when the next order begins: so that one only ever grows.
 * @returns 0, or 1 where another thread did not come
 */
function run(control: usize, thread: i32, order: i32): i32 {
  const threads = field(control, 2), layers = field(control, 3), all = threads * order;
  const scratch = <usize>field(control, 6) + <usize>field(control, 7) * thread;
  let layer = <usize>field(control, 4), counter = <usize>field(control, 5);
  for (let n = 0; n < layers; n++, layer += 12, counter += 8) {
    const kernel = field(layer, 0), p = <usize>field(layer, 1), units = field(layer, 2);
    for (let unit = atomic.add<i32>(counter, 1); unit < units; unit = atomic.add<i32>(counter, 1)) work(kernel, p, unit, scratch);
    if (atomic.add<i32>(counter + 4, 1) + 1 == all) {
      // Nobody takes units of this layer any more.
      atomic.store<i32>(counter, 0);
      atomic.notify(counter + 4, -1);
      continue;
    }
    for (let look = 0; look < LOOKS && atomic.load<i32>(counter + 4) < all; look++) {}
    for (;;) {
      const arrived = atomic.load<i32>(counter + 4);
      if (arrived >= all) break;
      if (atomic.wait<i32>(counter + 4, arrived, PATIENCE) == 2) return 1;
    }
  }
  return 0;
}

/** What a thread beside the first does: every order, until the end flag is up. */
export function serve(control: usize, thread: i32): void {
  let done = 0;
  for (;;) {
    atomic.wait<i32>(control, done, -1);
    const order = atomic.load<i32>(control);
    if (atomic.load<i32>(control + 4) != 0) return;
    if (order == done) continue;
    done = order;
    run(control, thread, order);
  }
}

/** Sends the other threads to work, and takes part. @returns as run */
export function start(control: usize): i32 {
  const order = atomic.add<i32>(control, 1) + 1;
  atomic.notify(control, -1);
  return run(control, 0, order);
}

export function end(control: usize): void {
  atomic.store<i32>(control + 4, 1);
  atomic.add<i32>(control, 1);
  atomic.notify(control, -1);
}
