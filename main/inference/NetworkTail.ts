/** The end of a network that this program's kernels do not know (core/onnx/winograd/planHead.ts), run by the runtime on their answer. */
import ort from 'onnxruntime-node';
import { writeModel } from '#core/onnx/readModel.ts';
import type { PlannedHead } from '#core/onnx/winograd/planHead.ts';
import { createSession } from './session.ts';

export class NetworkTail {
  readonly #session: ort.InferenceSession;
  readonly #value: string;

  private constructor(session: ort.InferenceSession, value: string) {
    this.#session = session;
    this.#value = value;
  }

  /** @throws where the runtime does not take it */
  static async load({ tail, value }: PlannedHead): Promise<NetworkTail> {
    return new NetworkTail(await createSession(writeModel(tail), 'cpu'), value);
  }

  /** @param answer of the kernels; it lies in memory that threads share, which the runtime does not read */
  run(
    answer: { readonly dims: readonly number[]; readonly data: Float32Array },
    image: ort.Tensor,
    outputs: readonly string[],
  ): Promise<ort.InferenceSession.OnnxValueMapType> {
    const others = this.#session.inputNames.filter((name) => name !== this.#value);
    const value = new ort.Tensor('float32', answer.data.slice(), answer.dims);
    return this.#session.run(
      { [this.#value]: value, ...Object.fromEntries(others.map((name) => [name, image])) },
      outputs,
    );
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
