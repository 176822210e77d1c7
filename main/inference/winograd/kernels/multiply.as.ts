import { fma } from './fields.as';

/**
 * `rows` (a multiple of 6) rows of `a` times eight columns: a is [chunk of 8 inputs][rows of the panel][8], chunks `chunkBytes` apart; b is
 * [inputs, filled up to chunks][8]; the product goes to c, [rows][8].
 */
export function multiply(a: usize, chunkBytes: usize, b: usize, c: usize, inputs: i32, rows: i32): void {
  const end = b + (<usize>(inputs >> 2) << 7);
  for (; rows > 0; rows -= 6, a += 192, c += 192) {
    const zero = f32x4.splat(0);
    let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
    let c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
    // Four inputs at a time: the lower half of a chunk, then the upper one. All eight at once are slower: too many registers.
    let pa = a, step: usize = 16;
    for (let pb = b; pb < end; pb += 128) {
      let b0 = v128.load(pb), b1 = v128.load(pb, 16);
      let x = v128.load32_splat(pa); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 32); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 64); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 96); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 128); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 160); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      b0 = v128.load(pb, 32); b1 = v128.load(pb, 48);
      x = v128.load32_splat(pa, 4); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 36); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 68); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 100); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 132); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 164); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      b0 = v128.load(pb, 64); b1 = v128.load(pb, 80);
      x = v128.load32_splat(pa, 8); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 40); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 72); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 104); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 136); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 168); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      b0 = v128.load(pb, 96); b1 = v128.load(pb, 112);
      x = v128.load32_splat(pa, 12); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 44); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 76); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 108); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 140); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 172); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
      pa += step;
      step = chunkBytes - step;
    }
    for (let pb = end, n = inputs & 3; n > 0; n--, pb += 32, pa += 4) {
      const b0 = v128.load(pb), b1 = v128.load(pb, 16);
      let x = v128.load32_splat(pa); c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
      x = v128.load32_splat(pa, 32); c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
      x = v128.load32_splat(pa, 64); c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
      x = v128.load32_splat(pa, 96); c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
      x = v128.load32_splat(pa, 128); c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
      x = v128.load32_splat(pa, 160); c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
    }
    v128.store(c, c00); v128.store(c, c01, 16);
    v128.store(c, c10, 32); v128.store(c, c11, 48);
    v128.store(c, c20, 64); v128.store(c, c21, 80);
    v128.store(c, c30, 96); v128.store(c, c31, 112);
    v128.store(c, c40, 128); v128.store(c, c41, 144);
    v128.store(c, c50, 160); v128.store(c, c51, 176);
  }
}
