/**
 * Attention between few tokens (a prompt: about seven) and the many places of a picture, with the projections of the picture moved to the
 * tokens' side: (x W) · t = x · (W t). Each token and head becomes one vector as wide as the picture's, so that the picture is multiplied
 * by 8 × 7 vectors instead of 128, and never laid out by heads. The same sums in another order: equal up to rounding.
 * @see Vaswani et al. 2017, "Attention is all you need", 3.2.2 (heads); Kirillov et al. 2023, "Segment anything", appendix A (this decoder)
 */
import type { DecoderParts } from './DecoderParts.ts';

const HEADS = 8;
/** Channels of each place of the picture, and of each token. */
const WIDTH = 256;
/** Of queries, keys and values, all heads together. */
const INNER = 128;
const HEAD = INNER / HEADS;
/** Scores are divided by √(width of a head). */
const SCALE = 1 / Math.sqrt(HEAD);

/**
 * The tokens ask the picture. Writes what the block's last projection reads.
 * @param block the node names' common beginning, such as /transformer/layers.0/cross_attn_token_to_image
 */
export function tokensAskPicture(parts: DecoderParts, block: string): void {
  const name = (part: string): string => `${block}/few/${part}`;
  const queries = byHead(parts, `${block}/q_proj/Add_output_0`, name('queries'));
  // What the keys' bias adds is the same for all places, and lost in the softmax.
  const asked = widened(parts, queries, headsOf(parts.weight(`${block}/k_proj/MatMul`, 1)), name('asked'));
  const keys = parts.reshape(parts.read(`${block}/k_proj/MatMul`, 0), [-1, WIDTH], name('places'));
  const scores = parts.node('Gemm', [asked, keys], name('scores'), { alpha: { float: SCALE }, transB: { int: 1 } });
  const shares = parts.node('Softmax', [scores], name('shares'), { axis: { int: -1 } });

  const seen = parts.reshape(parts.read(`${block}/v_proj/MatMul`, 0), [-1, WIDTH], name('seen'));
  const gathered = parts.reshape(
    parts.node('MatMul', [shares, seen], name('gathered')),
    [1, HEADS, -1, WIDTH],
    name('gatheredByHead'),
  );
  const values = parts.floats(
    name('values'),
    [HEADS, WIDTH, HEAD],
    transposedHeads(headsOf(parts.weight(`${block}/v_proj/MatMul`, 1))),
  );
  const answers = parts.transpose(
    parts.node('MatMul', [gathered, values], name('answers')),
    [0, 2, 1, 3],
    name('heads'),
  );
  const joined = parts.reshape(answers, [1, -1, INNER], name('joined'));
  // Shares add up to 1: the values' bias is added once.
  parts.node('Add', [joined, parts.read(`${block}/v_proj/Add`, 0)], `${block}/Reshape_3_output_0`);
}

/** The picture asks the tokens. Writes what the block's last projection gives. @param block as tokensAskPicture's */
export function pictureAsksTokens(parts: DecoderParts, block: string): void {
  const name = (part: string): string => `${block}/few/${part}`;
  const keys = byHead(parts, `${block}/k_proj/Add_output_0`, name('keys'));
  const asking = widened(parts, keys, headsOf(parts.weight(`${block}/q_proj/MatMul`, 1)), name('asking'));
  const bias = parts.floats(name('bias'), [HEADS, HEAD, 1], parts.weight(`${block}/q_proj/Add`, 0));
  const biases = parts.reshape(parts.node('MatMul', [keys, bias], name('biasOfToken')), [-1], name('biases'));
  const places = parts.reshape(parts.read(`${block}/q_proj/MatMul`, 0), [-1, WIDTH], name('places'));
  const scores = parts.node('Gemm', [places, asking, biases], name('scores'), {
    alpha: { float: SCALE },
    beta: { float: SCALE },
    transB: { int: 1 },
  });
  const scoresByHead = parts.reshape(scores, [0, HEADS, -1], name('scoresByHead'));
  const sharesByHead = parts.node('Softmax', [scoresByHead], name('sharesByHead'), { axis: { int: -1 } });
  const shares = parts.reshape(sharesByHead, [0, -1], name('shares'));

  const values = byHead(parts, `${block}/v_proj/Add_output_0`, name('values'));
  const given = widened(parts, values, parts.weight(`${block}/out_proj/MatMul`, 1), name('given'));
  const taken = parts.node('Gemm', [shares, given, parts.read(`${block}/out_proj/Add`, 0)], name('taken'));
  parts.reshape(taken, [1, -1, WIDTH], `${block}/out_proj/Add_output_0`);
}

/** 1 × tokens × INNER → 1 × HEADS × tokens × HEAD */
function byHead(parts: DecoderParts, from: string, to: string): string {
  return parts.transpose(parts.reshape(from, [1, -1, HEADS, HEAD], `${to}:heads`), [0, 2, 1, 3], to);
}

/** Tokens by head → rows of WIDTH, one for each head and token. @param projection HEADS × HEAD × WIDTH */
function widened(parts: DecoderParts, heads: string, projection: Float32Array, to: string): string {
  const weights = parts.floats(`${to}:weights`, [HEADS, HEAD, WIDTH], projection);
  return parts.reshape(parts.node('MatMul', [heads, weights], `${to}:byHead`), [-1, WIDTH], to);
}

/** WIDTH × INNER, as a projection multiplies from the right → HEADS × HEAD × WIDTH */
function headsOf(projection: Float32Array): Float32Array {
  return transposed(projection, WIDTH, INNER);
}

/** HEADS × HEAD × WIDTH → HEADS × WIDTH × HEAD */
function transposedHeads(heads: Float32Array): Float32Array {
  const result = new Float32Array(heads.length);
  for (let head = 0; head < HEADS; head++) {
    const from = head * HEAD * WIDTH;
    result.set(transposed(heads.subarray(from, from + HEAD * WIDTH), HEAD, WIDTH), from);
  }
  return result;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c]!;
  return result;
}
