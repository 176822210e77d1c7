/**
 * Constants as vectors. They stand in memory, from where one instruction brings them to all channels: V8 makes a vector that stands in the
 * code anew from several instructions wherever it is used.
 */
const TABLE = memory.data<f32>([
  // Points of F(4, 3): 0, ±a, ±b, ∞ with a = 2/3, b = 3/2. Their product of squares is 1, and float32 keeps a relative error of 1e-6.
  0.66666667, 0.44444444, 0.29629630, 1.5, 2.25, 3.375, -0.44444444, -2.25, -2.69444444,
  // e^x: the least x, 1 / ln 2, what rounds to whole numbers, ln 2 in two parts, a polynomial.
  -87, 1.44269504088896341, 12582912, -0.693359375, 2.12194440e-4,
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1,
]);

export const enum Constant {
  A, A2, A3, B, B2, B3, MINUS_A2, MINUS_B2, MINUS_SUM,
  LEAST, PER_LN2, ROUNDER, MINUS_LN2, LN2_REST, P0, P1, P2, P3, P4, P5, ONE,
}

@inline
export function constant(n: Constant): v128 {
  return v128.load32_splat(TABLE + ((<usize>n) << 2));
}
