/* 3x3x3 convolutions, stride 1, padding 1, in float32 and one thread, for convolution.py.
 *
 * A volume is first copied to "laid" form: a channel is one run of floats in which a row has one zero behind it and a plane one row of
 * zeros, which serve as the border of both neighbours; before and behind the volume lies a whole plane of zeros. So a tap is one
 * offset for every voxel, and eight consecutive floats are eight voxels of one channel. Twelve accumulators keep both FMA
 * units of AVX2 busy.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef float v8 __attribute__((vector_size(32)));
typedef float v8u __attribute__((vector_size(32), aligned(4), may_alias));

enum { CHUNK = 768 }; /* positions whose gradients of four channels and voxels of three planes lie in the L1 cache */

typedef struct {
  ptrdiff_t depth, height, width;
  ptrdiff_t row, plane; /* pitches */
  ptrdiff_t before;     /* zeros before a channel's first voxel */
  ptrdiff_t positions;  /* of the volume with its zeros, a multiple of 8 */
  ptrdiff_t channel;    /* pitch */
} Grid;

static Grid grid_of(int depth, int height, int width) {
  Grid g = {.depth = depth, .height = height, .width = width};
  g.row = width + 1;
  g.plane = g.row * (height + 1);
  g.before = (g.plane + g.row + 1 + 7) / 8 * 8;
  g.positions = (g.plane * depth + 7) / 8 * 8;
  g.channel = g.before + g.positions + (g.plane + g.row + 1 + 7) / 8 * 8 + 32;
  if (g.channel % 512 == 0) g.channel += 16; /* else the channels fall into the same cache sets */
  return g;
}

/* Scratch memory stays between calls. */
static float *scratch(int which, size_t floats) {
  static float *kept[4];
  static size_t sizes[4];
  if (sizes[which] < floats) {
    free(kept[which]);
    kept[which] = aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64);
    sizes[which] = kept[which] ? floats : 0;
  }
  return kept[which];
}

static void lay(const Grid *g, const float *from, int channels, float *to) {
  for (int c = 0; c < channels; c++) {
    float *t = to + c * g->channel;
    memset(t, 0, g->before * sizeof(float));
    float *p = t + g->before;
    for (ptrdiff_t d = 0; d < g->depth; d++) {
      for (ptrdiff_t h = 0; h < g->height; h++) {
        memcpy(p, from, g->width * sizeof(float));
        p[g->width] = 0;
        from += g->width;
        p += g->row;
      }
      memset(p, 0, g->row * sizeof(float));
      p += g->row;
    }
    memset(p, 0, (t + g->channel - p) * sizeof(float));
  }
}

/* Into a register: else the compiler loads again for each use, and unaligned loads cost more than the arithmetic. */
static inline v8 load(const float *p) {
  v8 v = *(const v8u *)p;
#ifdef __AVX__
  __asm__("" : "+x"(v));
#endif
  return v;
}
static inline v8 all(float x) { return (v8){x, x, x, x, x, x, x, x}; }

/* Four output channels of 8 * VECTORS voxels in a row. */
#define DEFINE_ROW(VECTORS)                                                                                                        \
  static void row_##VECTORS(const Grid *g, const float *x, int inputs, const float *weights, float *y, ptrdiff_t stride,           \
                            int count) {                                                                                            \
    v8 sum[4][VECTORS];                                                                                                             \
    for (int o = 0; o < 4; o++)                                                                                                     \
      for (int n = 0; n < VECTORS; n++) sum[o][n] = all(0);                                                                         \
    for (int c = 0; c < inputs; c++, x += g->channel)                                                                               \
      for (int kd = -1; kd <= 1; kd++)                                                                                              \
        for (int kh = -1; kh <= 1; kh++) {                                                                                          \
          const float *p = x + kd * g->plane + kh * g->row - 1;                                                                     \
          _Pragma("GCC unroll 3") for (int kw = 0; kw < 3; kw++, weights += 4) {                                                    \
            v8 in[VECTORS];                                                                                                         \
            _Pragma("GCC unroll 3") for (int n = 0; n < VECTORS; n++) in[n] = load(p + kw + 8 * n);                                 \
            _Pragma("GCC unroll 4") for (int o = 0; o < 4; o++) {                                                                   \
              v8 w = all(weights[o]);                                                                                               \
              _Pragma("GCC unroll 3") for (int n = 0; n < VECTORS; n++) sum[o][n] += w * in[n];                                     \
            }                                                                                                                       \
          }                                                                                                                         \
        }                                                                                                                           \
    for (int o = 0; o < 4; o++)                                                                                                     \
      if (count == 8 * VECTORS)                                                                                                     \
        for (int n = 0; n < VECTORS; n++) *(v8u *)(y + o * stride + 8 * n) = sum[o][n];                                             \
      else                                                                                                                          \
        memcpy(y + o * stride, sum[o], count * sizeof(float));                                                                      \
  }
DEFINE_ROW(1)
DEFINE_ROW(2)
DEFINE_ROW(3)

/* weights [outputs / 4][inputs][27][4] */
static void convolve(const Grid *g, const float *laid, int inputs, int outputs, const float *weights, float *y) {
  const ptrdiff_t voxels = g->depth * g->height * g->width;
  for (ptrdiff_t d = 0; d < g->depth; d++)
    for (ptrdiff_t h = 0; h < g->height; h++)
      for (int o = 0; o < outputs; o += 4) {
        const float *w = weights + (ptrdiff_t)o * inputs * 27;
        const float *x = laid + g->before + d * g->plane + h * g->row;
        float *to = y + o * voxels + (d * g->height + h) * g->width;
        int left = (int)g->width;
        while (left > 0) {
          int vectors = left > 16 ? 3 : left > 8 ? 2 : 1;
          int count = left < 8 * vectors ? left : 8 * vectors;
          (vectors == 3 ? row_3 : vectors == 2 ? row_2 : row_1)(g, x, inputs, w, to, voxels, count);
          left -= count;
          x += count;
          to += count;
        }
      }
}

static float total(v8 v) { return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])); }

/* Adds to 4 output channels x 3 taps along a row; the sums stay eight partial ones until the end. */
static void taps_of(const float *grad, ptrdiff_t pitch, const float *x, ptrdiff_t count, v8 *sums) {
  v8 s[4][3];
  for (int o = 0; o < 4; o++)
    for (int k = 0; k < 3; k++) s[o][k] = sums[o * 3 + k];
  for (ptrdiff_t p = 0; p < count; p += 8) {
    v8 in0 = load(x + p - 1), in1 = load(x + p), in2 = load(x + p + 1);
    _Pragma("GCC unroll 4") for (int o = 0; o < 4; o++) {
      v8 q = load(grad + o * pitch + p);
      s[o][0] += q * in0;
      s[o][1] += q * in1;
      s[o][2] += q * in2;
    }
  }
  for (int o = 0; o < 4; o++)
    for (int k = 0; k < 3; k++) sums[o * 3 + k] = s[o][k];
}

/* sums [inputs][outputs / 4][9][4][3] of vectors */
static void gather(const Grid *g, const float *laid, const float *grads, int inputs, int outputs, v8 *sums) {
  for (ptrdiff_t p = 0; p < g->positions; p += CHUNK) {
    ptrdiff_t count = g->positions - p < CHUNK ? g->positions - p : CHUNK;
    v8 *s = sums;
    for (int c = 0; c < inputs; c++)
      for (int o = 0; o < outputs; o += 4)
        for (int kd = -1; kd <= 1; kd++)
          for (int kh = -1; kh <= 1; kh++, s += 12)
            taps_of(grads + o * g->channel + g->before + p, g->channel,
                    laid + c * g->channel + g->before + p + kd * g->plane + kh * g->row, count, s);
  }
}

/* y [batch][outputs][depth][height][width] of x [batch][inputs]... and weights [outputs][inputs][27].
 * turned: the gradient of the input instead; x is then that of the output, and weights are [inputs][outputs][27].
 * outputs is a multiple of 4. Returns 0, or 1 without memory. */
int convolve3(const float *x, const float *weights, float *y, int batch, int inputs, int outputs, int depth, int height, int width,
              int turned) {
  Grid g = grid_of(depth, height, width);
  const ptrdiff_t voxels = (ptrdiff_t)depth * height * width;
  float *laid = scratch(0, inputs * g.channel);
  float *packed = scratch(2, (size_t)inputs * outputs * 27);
  if (!laid || !packed) return 1;
  float *to = packed;
  for (int o = 0; o < outputs; o += 4)
    for (int c = 0; c < inputs; c++)
      for (int k = 0; k < 27; k++)
        for (int n = o; n < o + 4; n++)
          *to++ = turned ? weights[((ptrdiff_t)c * outputs + n) * 27 + 26 - k] : weights[((ptrdiff_t)n * inputs + c) * 27 + k];
  for (int b = 0; b < batch; b++) {
    lay(&g, x + b * inputs * voxels, inputs, laid);
    convolve(&g, laid, inputs, outputs, packed, y + b * outputs * voxels);
  }
  return 0;
}

/* The gradient of the weights, [outputs][inputs][27], of the input and the gradient of the output. outputs is a multiple of 4. */
int gradient3(const float *x, const float *grad, float *weights, int batch, int inputs, int outputs, int depth, int height, int width) {
  Grid g = grid_of(depth, height, width);
  const ptrdiff_t voxels = (ptrdiff_t)depth * height * width;
  const size_t count = (size_t)inputs * outputs * 27;
  float *laid = scratch(0, inputs * g.channel), *grads = scratch(1, outputs * g.channel);
  v8 *sums = (v8 *)scratch(3, count * 8);
  if (!laid || !grads || !sums) return 1;
  memset(sums, 0, count * sizeof(v8));
  for (int b = 0; b < batch; b++) {
    lay(&g, x + b * inputs * voxels, inputs, laid);
    lay(&g, grad + b * outputs * voxels, outputs, grads);
    gather(&g, laid, grads, inputs, outputs, sums);
  }
  for (int c = 0; c < inputs; c++)
    for (int o = 0; o < outputs; o += 4)
      for (int rows = 0; rows < 9; rows++)
        for (int n = 0; n < 4; n++)
          for (int k = 0; k < 3; k++) weights[((ptrdiff_t)(o + n) * inputs + c) * 27 + rows * 3 + k] = total(*sums++);
  return 0;
}
