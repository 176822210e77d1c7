/** How unsure the scores of a voxel are. */
import { exponential } from './activation.as';

/** Where the scores of channels that do not exist lie below the highest: e^x is 0 there but for a thing that no sum notices. */
const FAR: f32 = -87;

/** ln x for x >= 1, relative error below 1e-6. */
@inline
function logarithm(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  const mantissa = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  const z = (mantissa - <f32>1) / (mantissa + <f32>1), zz = z * z;
  const series = <f32>2 * z * (<f32>1 + zz * (<f32>1 / 3 + zz * (<f32>1 / 5 + zz * (<f32>1 / 7 + zz * (<f32>1 / 9)))));
  return <f32>((bits >> 23) - 127) * <f32>0.69314718 + series;
}

@inline
function total(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3);
}

/**
 * The entropy of the probabilities (softmax): ln S + T / S with x = score - top, S the sum of e^x, T that of -x e^x. As measureDoubt.ts has it.
 * @param quads vectors of four scores, `panel` bytes from one pair to the next; the last one's lanes `beyond` are no scores
 * @param scale by which it is multiplied; what is above 255 then is 255
 */
@inline
export function doubtOf(from: usize, panel: usize, quads: i32, beyond: v128, top: f32, scale: f32): u8 {
  const highest = f32x4.splat(top);
  let sum = f32x4.splat(0), weighted = sum;
  for (let q = 0; q < quads; q++) {
    let below = f32x4.sub(v128.load(from + panel * (q >> 1) + ((q & 1) << 4)), highest);
    if (q == quads - 1) below = v128.bitselect(f32x4.splat(FAR), below, beyond);
    below = f32x4.pmax(below, f32x4.splat(FAR));
    const e = exponential(below);
    sum = f32x4.add(sum, e);
    weighted = f32x4.sub(weighted, f32x4.mul(e, below));
  }
  const s = total(sum);
  // Written as a whole number: + 0.5 rounds.
  return <u8>min<f32>(255, scale * (logarithm(s) + total(weighted) / s) + 0.5);
}
