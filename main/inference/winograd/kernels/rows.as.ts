/** Layers that are computed along rows: convolutions of any kind, transposed ones, pools. */
import { activated } from './activation.as';
import { field } from './fields.as';
import { multiply } from './multiply.as';

/** Where a unit of a row-wise layer lies: rows fall into segments of `block` voxels. */
@inline
function segments(width: i32, block: i32): i32 {
  return (width + block - 1) / block;
}

/**
 * Any convolution, as a product with the voxels under each tap. Where it is the network's last, `mode` 1 writes scores [channel][z][y][x]
 * and 2 the class of the highest score, uint8 [z][y][x], of equal ones the first, with the sum of a unit's scores at `sums`.
 */
export function convolve(p: usize, unit: i32, scratch: usize): void {
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
export function spread(p: usize, unit: i32, scratch: usize): void {
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
export function pool(p: usize, unit: i32, scratch: usize): void {
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
