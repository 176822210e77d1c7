/** What all kernels share: how a layer's numbers are read, and the product that is added without rounding in between. */

@inline
export function field(p: usize, n: i32): i32 {
  return load<i32>(p + (<usize>n << 2));
}

@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** Copies a voxel's eight channels. */
@inline
export function copy(from: usize, to: usize): void {
  const x = v128.load(from), y = v128.load(from, 16);
  v128.store(to, x);
  v128.store(to, y, 16);
}

@inline
export function clear(to: usize): void {
  const zero = f32x4.splat(0);
  v128.store(to, zero);
  v128.store(to, zero, 16);
}
