/** Element-wise layers take a plane of a chunk as a unit: voxels of a plane with its padding at field 8, planes at 9. */
import { activated } from './activation.as';
import { field, fma } from './fields.as';

/** y = activation(x · scale + shift). */
export function scale(p: usize, unit: i32, scratch: usize): void {
  const c = unit / field(p, 9);
  const a = v128.load(<usize>field(p, 11) + (<usize>c << 4));
  const b = v128.load(<usize>field(p, 12) + (<usize>c << 4));
  affine(p, unit, a, b);
}

@inline
function affine(p: usize, unit: i32, a: v128, b: v128): void {
  const kind = field(p, 13);
  const slope = f32x4.splat(load<f32>(p + 56)), other = f32x4.splat(load<f32>(p + 60));
  const bytes = <usize>field(p, 8) << 4;
  const from = planeOf(p, 0, unit, bytes), to = planeOf(p, 4, unit, bytes);
  for (let n: usize = 0; n < bytes; n += 16) v128.store(to + n, activated(fma(v128.load(from + n), a, b), kind, slope, other));
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
  const bytes = <usize>field(p, 8) << 4;
  const a = planeOf(p, 0, unit, bytes), b = planeOf(p, 16, unit, bytes), to = planeOf(p, 4, unit, bytes);
  for (let n: usize = 0; n < bytes; n += 16)
    v128.store(to + n, activated(f32x4.add(v128.load(a + n), v128.load(b + n)), kind, slope, other));
}

/** Sums of a plane's four channels (around their mean, squared, once the means are known), in float64, to field 18. */
export function sums(p: usize, unit: i32, scratch: usize): void {
  collect(p, unit, f32x4.splat(0), false, <usize>field(p, 18));
}

export function squares(p: usize, unit: i32, scratch: usize): void {
  collect(p, unit, meanOf(p, unit, <usize>field(p, 18)), true, <usize>field(p, 19));
}

/** Instance norm: field 11 gamma, 12 beta, 20 epsilon. */
export function normalise(p: usize, unit: i32, scratch: usize): void {
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
export function pack(p: usize, unit: i32, scratch: usize): void {
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
export function unpack(p: usize, unit: i32, scratch: usize): void {
  const planes = field(p, 9), width = field(p, 21), height = field(p, 22), pitch = field(p, 23);
  const c = unit / planes, z = unit % planes;
  const plane = <usize>field(p, 0) + <usize>field(p, 1) * (c >> 2) + ((<usize>z * field(p, 8)) << 4) + ((c & 3) << 2);
  let to = <usize>field(p, 4) + (<usize>(unit * width * height) << 2);
  for (let y = 0; y < height; y++) {
    let from = plane + (<usize>(y * pitch) << 4);
    for (let x = 0; x < width; x++, from += 16, to += 4) store<f32>(to, load<f32>(from));
  }
}
