/**
 * A network that is ready to run: as its maker wrote it and, on the processor, rewritten for the windows that it is asked for
 * (core/onnx/sliced), which is about twice as fast and equal but for rounding.
 */
import type ort from 'onnxruntime-node';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import { sliceNetwork } from '#core/onnx/sliced/sliceNetwork.ts';
import { blockSize } from './blockedKernels.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { createSlicedSession } from './session.ts';

export class LoadedNetwork {
  /** As the maker wrote it: names and shapes are asked of this one. */
  readonly plain: ort.InferenceSession;
  /** Null where the provider has 3D kernels of its own, or once it is known that the network can't be rewritten. */
  #model: ModelProto | null;
  #sliced: { readonly dims: string; readonly session: ort.InferenceSession } | null = null;

  constructor(plain: ort.InferenceSession, model: ModelProto, provider: ProviderName) {
    this.plain = plain;
    this.#model = provider === 'cpu' ? model : null;
  }

  /** @param dims of the input. @returns the session to run, and whether it is the rewritten one */
  async forInput(dims: readonly number[]): Promise<{ session: ort.InferenceSession; isRewritten: boolean }> {
    const key = dims.join();
    if (this.#sliced?.dims !== key) await this.#rewrite(dims, key);
    return this.#sliced?.dims === key
      ? { session: this.#sliced.session, isRewritten: true }
      : { session: this.plain, isRewritten: false };
  }

  async release(): Promise<void> {
    await this.#sliced?.session.release();
    await this.plain.release();
  }

  async #rewrite([, , depth, height, width, ...more]: readonly number[], key: string): Promise<void> {
    if (!this.#model || depth === undefined || height === undefined || width === undefined || more.length > 0) return;
    const block = await blockSize();
    const rewritten = block === null ? null : sliceNetwork(this.#model, [depth, height, width], block);
    if (!rewritten) {
      this.#model = null;
      return;
    }
    await this.#sliced?.session.release();
    this.#sliced = { dims: key, session: await createSlicedSession(writeModel(rewritten.model)) };
  }
}
