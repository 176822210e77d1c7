/** What all kernels share: how a layer's numbers are read, and the product that is added without rounding in between. */

@inline
export function field(p: usize, n: i32): i32 {
  return load<i32>(p + (<usize>n << 2));
}

@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}
