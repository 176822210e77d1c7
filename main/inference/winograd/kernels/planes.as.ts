/** Element-wise layers take a plane of a chunk as a unit: voxels of a plane with its padding at field 8, planes at 9. */
import { storeActivated } from './activation.as';
import { field, fma } from './fields.as';

/** y = activation(x · scale + shift). */
export function scale(p: usize, unit: i32, scratch: usize): void {
  const c = <usize>(unit / field(p, 9)) << 5;
  affine(p, unit, <usize>field(p, 11) + c, <usize>field(p, 12) + c);
}

/** Eight factors and what is added to their products. */
@inline
function affine(p: usize, unit: i32, factors: usize, shifts: usize): void {
  const a0 = v128.load(factors), a1 = v128.load(factors, 16), b0 = v128.load(shifts), b1 = v128.load(shifts, 16);
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const bytes = <usize>field(p, 8) << 5;
  const from = planeOf(p, 0, unit, bytes), to = planeOf(p, 4, unit, bytes);
  for (let n: usize = 0; n < bytes; n += 32) {
    const x = v128.load(from + n), y = v128.load(from + n, 16);
    storeActivated(to + n, fma(x, a0, b0), fma(y, a1, b1), kind, slope, other);
  }
}

@inline
function planeOf(p: usize, n: i32, unit: i32, bytes: usize): usize {
  const planes = field(p, 9);
  return <usize>field(p, n) + <usize>field(p, n + 1) * (unit / planes) + bytes * (unit % planes);
}

/** y = activation(x + other x), the other at field 16. */
export function add(p: usize, unit: i32, scratch: usize): void {
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const bytes = <usize>field(p, 8) << 5;
  const a = planeOf(p, 0, unit, bytes), b = planeOf(p, 16, unit, bytes), to = planeOf(p, 4, unit, bytes);
  for (let n: usize = 0; n < bytes; n += 32) {
    const x0 = v128.load(a + n), y0 = v128.load(a + n, 16), x1 = v128.load(b + n), y1 = v128.load(b + n, 16);
    storeActivated(to + n, f32x4.add(x0, x1), f32x4.add(y0, y1), kind, slope, other);
  }
}

/** Sums of a plane's eight channels (around their mean, squared, once the means are known), in float64, to field 18. */
export function sums(p: usize, unit: i32, scratch: usize): void {
  collect(p, unit, f32x4.splat(0), f32x4.splat(0), false, <usize>field(p, 18));
}

export function squares(p: usize, unit: i32, scratch: usize): void {
  const from = <usize>field(p, 18);
  collect(p, unit, meanOf(p, unit, from), meanOf(p, unit, from + 32), true, <usize>field(p, 19));
}

/** Instance norm: field 11 gamma, 12 beta, 20 epsilon. */
export function normalise(p: usize, unit: i32, scratch: usize): void {
  const c = <usize>(unit / field(p, 9)) << 5;
  const means = <usize>field(p, 18), variances = <usize>field(p, 19), gamma = <usize>field(p, 11) + c, beta = <usize>field(p, 12) + c;
  const epsilon = f32x4.splat(load<f32>(p + 80));
  // Through memory, so that what belongs together is read together.
  normaliseFour(p, unit, means, variances, epsilon, gamma, beta, scratch);
  normaliseFour(p, unit, means + 32, variances + 32, epsilon, gamma + 16, beta + 16, scratch + 16);
  affine(p, unit, scratch, scratch + 32);
}

/** y = (x - mean) / deviation · gamma + beta as a factor, to `to`, and what is added, 32 bytes behind it. */
@inline
function normaliseFour(p: usize, unit: i32, means: usize, variances: usize, epsilon: v128, gamma: usize, beta: usize, to: usize): void {
  const factor = f32x4.div(v128.load(gamma), f32x4.sqrt(f32x4.add(meanOf(p, unit, variances), epsilon)));
  v128.store(to, factor);
  v128.store(to, f32x4.sub(v128.load(beta), f32x4.mul(meanOf(p, unit, means), factor)), 32);
}

function collect(p: usize, unit: i32, mean0: v128, mean1: v128, isSquared: bool, to: usize): void {
  const row = <usize>field(p, 21) << 5, pitch = <usize>field(p, 23) << 5;
  let from = planeOf(p, 0, unit, <usize>field(p, 8) << 5);
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let y = field(p, 22); y > 0; y--, from += pitch) {
    let low = f32x4.splat(0), high = low;
    for (let n: usize = 0; n < row; n += 32) {
      const v = f32x4.sub(v128.load(from + n), mean0), w = f32x4.sub(v128.load(from + n, 16), mean1);
      low = isSquared ? fma(v, v, low) : f32x4.add(low, v);
      high = isSquared ? fma(w, w, high) : f32x4.add(high, w);
    }
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(low));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(upper(low)));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(high));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(upper(high)));
  }
  to += <usize>unit << 6;
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}

@inline
function upper(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** Of four of a chunk's channels: `from` is where their sums stand for the first unit, 64 bytes each. */
function meanOf(p: usize, unit: i32, from: usize): v128 {
  const planes = field(p, 9);
  let at = from + (<usize>(unit / planes * planes) << 6);
  let low = f64x2.splat(0), high = low;
  for (let n = 0; n < planes; n++, at += 64) {
    low = f64x2.add(low, v128.load(at));
    high = f64x2.add(high, v128.load(at, 16));
  }
  const count = f64x2.splat(<f64>planes * <f64>(field(p, 21) * field(p, 22)));
  low = f32x4.demote_f64x2_zero(f64x2.div(low, count));
  high = f32x4.demote_f64x2_zero(f64x2.div(high, count));
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

/** [channel][z][y][x] to blocks. Field 16: channels; a unit is a plane of a chunk. */
export function pack(p: usize, unit: i32, scratch: usize): void {
  const planes = field(p, 9), channels = field(p, 16), width = field(p, 21), height = field(p, 22), pitch = field(p, 23);
  const c = unit / planes, z = unit % planes;
  const plane = planeOf(p, 4, unit, <usize>field(p, 8) << 5);
  for (let lane = 0; lane < 8; lane++) {
    const isThere = c * 8 + lane < channels;
    let from = <usize>field(p, 0) + (<usize>(((c * 8 + lane) * planes + z) * width * height) << 2);
    for (let y = 0; y < height; y++) {
      let to = plane + (<usize>(y * pitch) << 5) + (lane << 2);
      for (let x = 0; x < width; x++, from += 4, to += 32) store<f32>(to, isThere ? load<f32>(from) : 0);
    }
  }
}

/** Blocks to [channel][z][y][x]; a unit is a plane of a channel. */
export function unpack(p: usize, unit: i32, scratch: usize): void {
  const planes = field(p, 9), width = field(p, 21), height = field(p, 22), pitch = field(p, 23);
  const c = unit / planes, z = unit % planes;
  const plane = <usize>field(p, 0) + <usize>field(p, 1) * (c >> 3) + ((<usize>z * field(p, 8)) << 5) + ((c & 7) << 2);
  let to = <usize>field(p, 4) + (<usize>(unit * width * height) << 2);
  for (let y = 0; y < height; y++) {
    let from = plane + (<usize>(y * pitch) << 5);
    for (let x = 0; x < width; x++, from += 32, to += 4) store<f32>(to, load<f32>(from));
  }
}

/** Channels to other ones, from that of field 16 on; a unit is a plane of a channel. */
export function move(p: usize, unit: i32, scratch: usize): void {
  const planes = field(p, 9), bytes = <usize>field(p, 8) << 5;
  const c = unit / planes, into = c + field(p, 16);
  const plane = bytes * (unit % planes);
  const from = <usize>field(p, 0) + <usize>field(p, 1) * (c >> 3) + plane + ((c & 7) << 2);
  const to = <usize>field(p, 4) + <usize>field(p, 5) * (into >> 3) + plane + ((into & 7) << 2);
  for (let n: usize = 0; n < bytes; n += 32) store<f32>(to + n, load<f32>(from + n));
}
