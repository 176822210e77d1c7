import { fma } from './fields.as';

/**
 * `rows` (a multiple of 6) rows of `a` times eight columns: a is [chunks of 4 inputs][rows of the panel][4], chunks `as_` bytes apart; b is
 * [inputs, filled up to chunks][8]; the product goes to c, four columns, and c + cs, four columns, 16 bytes a row.
 */
export function multiply(a: usize, as_: usize, b: usize, c: usize, cs: usize, inputs: i32, rows: i32): void {
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
