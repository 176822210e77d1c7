/** Layers that are computed along rows: convolutions of any kind, transposed ones, pools. */
import { storeActivated } from './activation.as';
import { doubtOf } from './entropy.as';
import { clear, copy, field } from './fields.as';
import { multiply } from './multiply.as';

/** Where a unit of a row-wise layer lies: rows fall into segments of `block` voxels. */
@inline
function segments(width: i32, block: i32): i32 {
  return (width + block - 1) / block;
}

/**
 * Any convolution, as a product with the voxels under each tap. Where it is the network's last, `mode` 1 writes scores [channel][z][y][x]
 * and 2 the class of the highest score, uint8 [z][y][x], of equal ones the first, with the sum of a unit's scores at `sums`; 3 as 2, and how
 * unsure the scores are, uint8 [z][y][x] at `doubt`.
 */
export function convolve(p: usize, unit: i32, scratch: usize): void {
  const source = <usize>field(p, 0), sourceChunk = <usize>field(p, 1), inChunks = field(p, 2), sourcePlanes = <usize>field(p, 3);
  const target = <usize>field(p, 4), targetChunk = <usize>field(p, 5), outChunks = field(p, 6), targetPlanes = <usize>field(p, 7);
  const depth = field(p, 8), height = field(p, 9), width = field(p, 10);
  const weights = <usize>field(p, 11);
  const mode = field(p, 16), block = field(p, 17), outHeight = field(p, 18), outWidth = field(p, 19);
  const kz = field(p, 20), ky = field(p, 21), kx = field(p, 22);
  const sz = field(p, 23), sy = field(p, 24), sx = field(p, 25);
  const dz = field(p, 26), dy = field(p, 27), dx = field(p, 28);
  const bz = field(p, 29), by = field(p, 30), bx = field(p, 31);
  const doubt = <usize>field(p, 36), scale = load<f32>(p + 148);
  const channels = field(p, 32), sums = <usize>field(p, 33), pitch = field(p, 34), outPitch = field(p, 35);
  const perRow = segments(outWidth, block);
  const x0 = unit % perRow * block;
  const y0 = unit / perRow % outHeight;
  const z0 = unit / perRow / outHeight;
  const count = min(block, outWidth - x0);
  const rows = (count + 5) / 6 * 6;
  const panel = <usize>rows << 5;
  const taps = kz * ky * kx * inChunks;
  // A pointwise one needs no panel: the last rows of a segment may be its neighbours', whose products are not kept.
  const isPointwise = taps == inChunks && sz * sy * sx == 1 && bz + by + bx == 0;
  let to = scratch;
  for (let k = isPointwise ? kz : 0; k < kz; k++) {
    const z = z0 * sz - bz + k * dz;
    for (let j = 0; j < ky; j++) {
      const y = y0 * sy - by + j * dy;
      const isRow = <u32>z < <u32>depth && <u32>y < <u32>height;
      const row = isRow ? source + load<i32>(sourcePlanes + (<usize>z << 2)) + (<usize>(y * pitch) << 5) : 0;
      for (let i = 0; i < kx; i++) {
        for (let c = 0; c < inChunks; c++) {
          const values = row + sourceChunk * c;
          for (let n = 0; n < rows; n++, to += 32) {
            const x = (x0 + n) * sx - bx + i * dx;
            if (isRow && n < count && <u32>x < <u32>width) copy(values + (<usize>x << 5), to);
            else clear(to);
          }
        }
      }
    }
  }
  const products = to;
  const a = isPointwise ? source + load<i32>(sourcePlanes + (<usize>z0 << 2)) + (<usize>(y0 * pitch + x0) << 5) : scratch;
  const as_ = isPointwise ? sourceChunk : panel;
  for (let c = 0; c < outChunks; c++)
    multiply(a, as_, weights + (<usize>(taps * c) << 8), products + panel * c, taps << 3, rows);
  if (mode == 0) {
    const at = target + load<i32>(targetPlanes + (<usize>z0 << 2)) + (<usize>(y0 * outPitch + x0) << 5);
    for (let c = 0; c < outChunks; c++) storeRow(products + panel * c, count, at + targetChunk * c, 32, p, c);
    return;
  }
  for (let c = 0; c < outChunks; c++) storeRow(products + panel * c, count, products + panel * c, 32, p, c);
  const voxel = <usize>((z0 * outHeight + y0) * outWidth + x0);
  if (mode == 1) {
    for (let c = 0; c < channels; c++) {
      let from = products + panel * (c >> 3) + ((c & 7) << 2);
      let into = target + targetChunk * c + (voxel << 2);
      for (let n = 0; n < count; n++, from += 32, into += 4) store<f32>(into, load<f32>(from));
    }
    return;
  }
  // By lane first: the best of every fourth channel. Of the last four some may not exist.
  const quads = (channels + 3) >> 2;
  const beyond = i32x4.ge_s(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat((quads - 1) << 2)), i32x4.splat(channels));
  let sum = f32x4.splat(0);
  for (let n = 0; n < count; n++) {
    const from = products + (<usize>n << 5);
    let best = v128.load(from);
    sum = f32x4.add(sum, best);
    if (quads == 1) best = v128.bitselect(f32x4.splat(-Infinity), best, beyond);
    let index = i32x4(0, 1, 2, 3), here = index;
    for (let q = 1; q < quads; q++) {
      here = i32x4.add(here, i32x4.splat(4));
      let score = v128.load(from + panel * (q >> 1) + ((q & 1) << 4));
      sum = f32x4.add(sum, score);
      if (q == quads - 1) score = v128.bitselect(f32x4.splat(-Infinity), score, beyond);
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
    if (mode == 3) store<u8>(doubt + voxel + n, doubtOf(from, panel, quads, beyond, top, scale));
  }
  const total = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  store<f32>(sums + (<usize>unit << 2), total);
}

/** A row's products with their bias, activated, `step` bytes from voxel to voxel. */
@inline
function storeRow(from: usize, count: i32, to: usize, step: usize, p: usize, chunk: i32): void {
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const bias = <usize>field(p, 12) + (<usize>chunk << 5);
  const b0 = v128.load(bias), b1 = v128.load(bias, 16);
  for (const end = from + (<usize>count << 5); from < end; from += 32, to += step) {
    const x = v128.load(from), y = v128.load(from, 16);
    storeActivated(to, f32x4.add(x, b0), f32x4.add(y, b1), kind, slope, other);
  }
}

/** A transposed convolution whose kernel is as wide as its step. A unit is a segment of an input row. */
export function spread(p: usize, unit: i32, scratch: usize): void {
  const source = <usize>field(p, 0), sourceChunk = <usize>field(p, 1), inChunks = field(p, 2);
  const target = <usize>field(p, 4), targetChunk = <usize>field(p, 5), outChunks = field(p, 6);
  const height = field(p, 9), width = field(p, 10);
  const weights = <usize>field(p, 11);
  const block = field(p, 17), sz = field(p, 23), sy = field(p, 24), sx = field(p, 25);
  const sourcePlanes = <usize>field(p, 3), targetPlanes = <usize>field(p, 7), pitch = field(p, 34), outPitch = field(p, 35);
  const perRow = segments(width, block);
  const x0 = unit % perRow * block;
  const y0 = unit / perRow % height;
  const z0 = unit / perRow / height;
  const count = min(block, width - x0);
  const rows = (count + 5) / 6 * 6;
  const panel = <usize>rows << 5;
  const from = source + load<i32>(sourcePlanes + (<usize>z0 << 2)) + (<usize>(y0 * pitch + x0) << 5);
  for (let c = 0; c < inChunks; c++)
    for (let n = 0; n < rows; n++) {
      const to = scratch + panel * c + (<usize>n << 5);
      if (n < count) copy(from + sourceChunk * c + (<usize>n << 5), to);
      else clear(to);
    }
  const products = scratch + panel * inChunks;
  let w = weights;
  for (let k = 0; k < sz; k++)
    for (let j = 0; j < sy; j++)
      for (let i = 0; i < sx; i++) {
        for (let c = 0; c < outChunks; c++, w += <usize>inChunks << 8)
          multiply(scratch, panel, w, products + panel * c, inChunks << 3, rows);
        const plane = target + load<i32>(targetPlanes + (<usize>(z0 * sz + k) << 2));
        const at = plane + (<usize>((y0 * sy + j) * outPitch + x0 * sx + i) << 5);
        for (let c = 0; c < outChunks; c++) storeRow(products + panel * c, count, at + targetChunk * c, <usize>sx << 5, p, c);
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
  let to = target + targetChunk * c + load<i32>(targetPlanes + (<usize>z0 << 2)) + (<usize>(y0 * outPitch) << 5);
  const share = f32x4.splat(<f32>1 / <f32>(sz * sy * sx));
  for (let x0 = 0; x0 < outWidth; x0++, to += 32) {
    let found0 = mode == 0 ? f32x4.splat(-Infinity) : f32x4.splat(0), found1 = found0;
    for (let k = 0; k < sz; k++)
      for (let j = 0; j < sy; j++) {
        const plane = values + load<i32>(sourcePlanes + (<usize>(z0 * sz + k) << 2));
        let at = plane + (<usize>((y0 * sy + j) * pitch + x0 * sx) << 5);
        for (let i = 0; i < sx; i++, at += 32) {
          const v = v128.load(at), w = v128.load(at, 16);
          found0 = mode == 0 ? f32x4.max(found0, v) : f32x4.add(found0, v);
          found1 = mode == 0 ? f32x4.max(found1, w) : f32x4.add(found1, w);
        }
      }
    v128.store(to, mode == 0 ? found0 : f32x4.mul(found0, share));
    v128.store(to, mode == 0 ? found1 : f32x4.mul(found1, share), 16);
  }
}
