/**
 * The two networks of MobileSAM on ONNX Runtime. Runs in the prompt process only. The last slices that were looked at are kept: 4 MB each.
 * Scaled 0 to 1: the network was trained on another scale, but sees organs better so (Dice 0.84 against 0.82, see models/prompt/card.md).
 */
import ort from 'onnxruntime-node';
import { decoderForFewTokens } from '#core/onnx/fewTokens/decoderForFewTokens.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import { networkPicture } from '#core/prompt/networkFrame.ts';
import type { IntensityWindow, NetworkAnswer, NetworkQuestion, PromptNetwork } from '#core/prompt/promptNetwork.ts';
import type { PromptSlice } from '#core/prompt/promptSlice.ts';
import { isSimilarWindow } from '#core/prompt/promptWindow.ts';
import { createSession } from '../inference/session.ts';
import { DECODER, ENCODER, readPinned } from './promptModel.ts';

/** Slices, each seen in one window. */
const MOST_SEEN = 64;

export const DECODER_OUTPUTS = ['low_res_masks', 'iou_predictions'];

interface Seen {
  readonly key: string;
  readonly window: IntensityWindow;
  readonly embedding: ort.Tensor;
}

export class SamNetwork {
  readonly #encoder: ort.InferenceSession;
  readonly #decoder: ort.InferenceSession;
  /** In the order of use, the latest last. */
  #seen: Seen[] = [];
  /** Spent on looking since the start. */
  lookingMs = 0;

  private constructor(encoder: ort.InferenceSession, decoder: ort.InferenceSession) {
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** @throws model/hash-mismatch, model/weights-missing, model/unexpected-tensor */
  static async load(folder: string): Promise<SamNetwork> {
    const encoder = await createSession(await readPinned(folder, ENCODER), 'cpu');
    const written = writeModel(decoderForFewTokens(readModel(await readPinned(folder, DECODER))));
    const decoder = await createSession(written, 'cpu');
    return new SamNetwork(encoder, decoder);
  }

  /** @param key names the slice: of equal keys the pixels are equal */
  on(key: string, slice: PromptSlice): PromptNetwork {
    return {
      look: async (window) => {
        const { embedding } = this.#remembered(key, window) ?? (await this.#look(key, slice, window));
        return { ask: (question) => this.#ask(embedding, question) };
      },
    };
  }

  /** As if an empty picture had been looked at: for a rehearsal. */
  onNothing(): PromptNetwork {
    const embedding = new ort.Tensor('float32', new Float32Array(256 * 64 * 64), [1, 256, 64, 64]);
    return { look: async () => ({ ask: (question) => this.#ask(embedding, question) }) };
  }

  #remembered(key: string, window: IntensityWindow): Seen | null {
    const found = this.#seen.find((s) => s.key === key && isSimilarWindow(s.window, window));
    if (!found) return null;
    this.#seen = [...this.#seen.filter((s) => s !== found), found];
    return found;
  }

  async #look(key: string, slice: PromptSlice, window: IntensityWindow): Promise<Seen> {
    const from = performance.now();
    const picture = new ort.Tensor('float32', networkPicture(slice, window), [1, 3, 1024, 1024]);
    const { output } = await this.#encoder.run({ input: picture });
    if (!output) throw new Error('the encoder did not answer');
    const seen = { key, window, embedding: output };
    this.#seen = [...this.#seen.slice(-(MOST_SEEN - 1)), seen];
    this.lookingMs += performance.now() - from;
    return seen;
  }

  async #ask(embedding: ort.Tensor, question: NetworkQuestion): Promise<NetworkAnswer> {
    const answer = await this.#decoder.run(decoderFeeds(embedding, question), DECODER_OUTPUTS);
    const scores = answer['low_res_masks']?.data;
    const iou = answer['iou_predictions']?.data;
    if (!(scores instanceof Float32Array) || !(iou instanceof Float32Array))
      throw new Error('the decoder did not answer');
    return { scores, predictedIou: iou[0] ?? 0 };
  }
}

/** What the decoder is told, by its own names. @param embedding of the slice that the question is about */
export function decoderFeeds(
  embedding: ort.Tensor,
  { coordinates, labels, earlier }: NetworkQuestion,
): Record<string, ort.Tensor> {
  const count = labels.length;
  return {
    image_embeddings: embedding,
    point_coords: new ort.Tensor('float32', Float32Array.from(coordinates), [1, count, 2]),
    point_labels: new ort.Tensor('float32', Float32Array.from(labels), [1, count]),
    mask_input: new ort.Tensor('float32', earlier ?? new Float32Array(256 * 256), [1, 1, 256, 256]),
    has_mask_input: new ort.Tensor('float32', Float32Array.of(earlier ? 1 : 0), [1]),
  };
}
