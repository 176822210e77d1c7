/**
 * From the picture's places to the mask, four times as fine: two transposed convolutions of 2 × 2 with stride 2, whose windows never
 * overlap, as products of matrices; the channels stay side by side, and only the mask that was chosen is made and put in the picture's order.
 */
import type { DecoderParts } from './DecoderParts.ts';

/** Places along a side of the picture. */
const SIDE = 64;
/** Channels after the first transposed convolution, and after the second. */
const MIDDLE = 64;
const LAST = 32;
const NORM_EPSILON = 1e-6;

/** Writes `low_res_masks`, 1 × 1 × 256 × 256. @param chosen value: which of the four masks, one int64 @param vectors value: 1 × 4 × 32 */
export function upscaledMask(parts: DecoderParts, picture: string, chosen: string, vectors: string): void {
  const prefix = '/output_upscaling/output_upscaling';
  const name = (part: string): string => `/upscaled/${part}`;
  const rows = parts.reshape(picture, [-1, 256], name('places'));
  const twice = doubled(parts, rows, `${prefix}.0/ConvTranspose`, MIDDLE, name('twice'));
  const normed = parts.node(
    'LayerNormalization',
    [
      twice,
      parts.floats(name('scale'), [MIDDLE], parts.weight(`${prefix}.1/Mul`, 0)),
      parts.floats(name('shift'), [MIDDLE], parts.weight(`${prefix}.1/Add_1`, 1)),
    ],
    name('normed'),
    { axis: { int: -1 }, epsilon: { float: NORM_EPSILON } },
  );
  const four = doubled(parts, gelu(parts, normed, name('active')), `${prefix}.3/ConvTranspose`, LAST, name('four'));
  const vector = parts.reshape(
    parts.node('Gather', [vectors, chosen], name('vector'), { axis: { int: 1 } }),
    [1, LAST],
    name('vectorRow'),
  );
  const mask = parts.node('Gemm', [vector, gelu(parts, four, name('fine'))], name('mask'), { transB: { int: 1 } });
  // From y, x, and the offsets y, x of either doubling.
  const bySide = parts.reshape(mask, [SIDE, SIDE, 2, 2, 2, 2], name('bySide'));
  const inOrder = parts.transpose(bySide, [0, 2, 4, 1, 3, 5], name('inOrder'));
  parts.reshape(inOrder, [1, 1, 4 * SIDE, 4 * SIDE], 'low_res_masks');
}

/** Rows × channels in → 4 × rows × channels out: of each row its offsets (0, 0), (0, 1), (1, 0), (1, 1). */
function doubled(parts: DecoderParts, rows: string, convolution: string, channels: number, to: string): string {
  const weight = parts.weight(convolution, 1);
  const bias = parts.weight(convolution, 2);
  const from = weight.length / (4 * channels);
  const matrix = new Float32Array(weight.length);
  // In × out × offset → in × offset × out.
  for (let i = 0; i < from; i++) {
    for (let c = 0; c < channels; c++) {
      for (let o = 0; o < 4; o++) matrix[(4 * i + o) * channels + c] = weight[(i * channels + c) * 4 + o]!;
    }
  }
  const biases = Float32Array.from({ length: 4 * channels }, (_, n) => bias[n % channels]!);
  const product = parts.node(
    'Gemm',
    [
      rows,
      parts.floats(`${to}:matrix`, [from, 4 * channels], matrix),
      parts.floats(`${to}:bias`, [4 * channels], biases),
    ],
    `${to}:product`,
  );
  return parts.reshape(product, [-1, channels], to);
}

/** x · (1 + erf(x ÷ √2)) ÷ 2, in the nodes that the runtime knows as one. */
function gelu(parts: DecoderParts, from: string, to: string): string {
  const number = (name: string, value: number): string => parts.floats(`${to}:${name}`, [], Float32Array.of(value));
  const scaled = parts.node('Div', [from, number('root', Math.SQRT2)], `${to}:scaled`);
  const error = parts.node('Erf', [scaled], `${to}:erf`);
  const raised = parts.node('Add', [error, number('one', 1)], `${to}:raised`);
  const product = parts.node('Mul', [from, raised], `${to}:twice`);
  return parts.node('Mul', [product, number('half', 0.5)], to);
}
