/**
 * A network that is ready to run: as its maker wrote it and, on the processor, rewritten for the windows that it is asked for
 * (core/onnx/sliced), which is about twice as fast and equal but for rounding.
 */
import type ort from 'onnxruntime-node';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import { channelPadding } from '#core/onnx/sliced/channelPadding.ts';
import { sliceNetwork } from '#core/onnx/sliced/sliceNetwork.ts';
import { blockSize } from './blockedKernels.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { createSlicedSession } from './session.ts';

/** Above it, zeros eat the gain: a MeshNet of 5 channels (2.5 in blocks of 8) was slower, one of 21 (1.3) is faster. */
const MOST_PADDING = 2;

export class LoadedNetwork {
  /** As the maker wrote it: names and shapes are asked of this one. */
  readonly plain: ort.InferenceSession;
  /** Null where the provider has 3D kernels of its own, or once it is known that the network can't be rewritten. */
  #model: ModelProto | null;
  #sliced: (SlicedSession & { readonly key: string }) | null = null;

  constructor(plain: ort.InferenceSession, model: ModelProto, provider: ProviderName) {
    this.plain = plain;
    this.#model = provider === 'cpu' ? model : null;
  }

  /** @param dims of the input. @returns the session to run, and whether it is the rewritten one */
  async forInput(dims: readonly number[]): Promise<{ session: ort.InferenceSession; isRewritten: boolean }> {
    const sliced = await this.#slicedFor(dims, false);
    return { session: sliced?.session ?? this.plain, isRewritten: sliced !== null };
  }

  /** @returns a session that answers classes instead of scores (decision.ts); null where only scores can be had */
  async deciding(dims: readonly number[], classes: number): Promise<ort.InferenceSession | null> {
    const sliced = await this.#slicedFor(dims, true);
    return sliced?.channels === classes ? sliced.session : null;
  }

  async release(): Promise<void> {
    await this.#sliced?.session.release();
    await this.plain.release();
  }

  async #slicedFor(dims: readonly number[], decides: boolean): Promise<SlicedSession | null> {
    const key = `${dims.join()} ${decides}`;
    if (this.#sliced?.key === key) return this.#sliced;
    const [, , depth, height, width, ...more] = dims;
    if (!this.#model || depth === undefined || height === undefined || width === undefined || more.length > 0)
      return null;
    const block = await blockSize();
    const pays = block !== null && channelPadding(this.#model, block) <= MOST_PADDING;
    const rewritten = !pays ? null : sliceNetwork(this.#model, [depth, height, width], block, { decides });
    if (!rewritten) {
      if (!decides) this.#model = null;
      return null;
    }
    await this.#sliced?.session.release();
    this.#sliced = null;
    try {
      const session = await createSlicedSession(writeModel(rewritten.model));
      this.#sliced = { key, session, channels: rewritten.channels };
    } catch {
      // A runtime that does not take it costs time and not the result: the network runs as it is, and the provenance says so.
      this.#model = null;
    }
    return this.#sliced;
  }
}

interface SlicedSession {
  readonly session: ort.InferenceSession;
  /** Of the scores; null where they are not known beforehand. */
  readonly channels: number | null;
}
