/**
 * A network of three-dimensional convolutions in this program's own kernels (kernels.as.ts), for windows of one size. The layers run on
 * all threads in one shared memory; the caller's thread is one of them and waits inside. Next: core/onnx/winograd/encodeLayers.ts.
 */
import { once } from 'node:events';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { type EncodedLayers, encodeLayers, type Wish } from '#core/onnx/winograd/encodeLayers.ts';
import type { LayerPlan } from '#core/onnx/winograd/layer.ts';
import { KERNELS } from './kernelsCode.ts';

interface Kernels {
  /** @returns 0, or 1 where another thread did not come */
  start(control: number): number;
  end(control: number): void;
}

const PAGE = 65_536;
const MOST_PAGES = 65_536;
const MOST_THREADS = 16;
/** Runs in a thread that knows nothing but the shared memory: it needs no file, so it needs no permission to read one. */
const THREAD = `
const { parentPort, workerData: { module, memory, control, thread } } = require('node:worker_threads');
const { serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.postMessage('ready');
serve(control, thread);
`;

let compiled: WebAssembly.Module | null | undefined;

/** Null where this runtime lacks what the kernels are made of (vectors with fused products, shared memory). */
function kernels(): WebAssembly.Module | null {
  if (compiled === undefined) {
    const code = Buffer.from(KERNELS, 'base64');
    compiled = WebAssembly.validate(code) ? new WebAssembly.Module(code) : null;
  }
  return compiled;
}

export class WinogradNetwork {
  readonly channels: number;
  readonly #encoded: EncodedLayers;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #threads: readonly Worker[];
  readonly #wish: Wish;
  readonly #size: Size3;

  private constructor(
    module: WebAssembly.Module,
    encoded: EncodedLayers,
    { output }: LayerPlan,
    wish: Wish,
    threads: number,
  ) {
    this.#encoded = encoded;
    this.#wish = wish;
    this.#size = output.size;
    this.channels = output.channels;
    const pages = Math.ceil(encoded.bytes / PAGE);
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
    for (const { at, words } of encoded.contents) {
      const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      new Uint8Array(this.#memory.buffer, at, bytes.length).set(bytes);
    }
    this.#kernels = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Kernels;
    this.#threads = Array.from({ length: threads - 1 }, (_, n) => {
      const workerData = { module, memory: this.#memory, control: encoded.control, thread: n + 1 };
      return new Worker(THREAD, { eval: true, workerData, execArgv: [] });
    });
  }

  /**
   * @param how `largeBytes`: values from which on convolutions work in place (layOut.ts)
   * @returns when all threads are there, which can't come while the caller's waits inside of a run; null where the runtime lacks what the
   *   kernels need, or the network can't answer the wish or is too large for them
   * @throws when a thread does not start
   */
  static async create(
    plan: LayerPlan,
    wish: Wish,
    {
      threads = Math.min(MOST_THREADS, os.availableParallelism()),
      largeBytes,
    }: { readonly threads?: number; readonly largeBytes?: number } = {},
  ): Promise<WinogradNetwork | null> {
    const module = kernels();
    const encoded = module && encodeLayers(plan, wish, threads, largeBytes);
    if (!encoded) return null;
    const network = new WinogradNetwork(module, encoded, plan, wish, threads);
    await Promise.all(network.#threads.map((thread) => once(thread, 'message')));
    for (const thread of network.#threads) thread.unref();
    return network;
  }

  /**
   * @param image [1, C, D, H, W]
   * @returns scores [1, classes, D, H, W] that stay as they are until the next run
   * @throws model/run-failed when a thread is gone
   */
  scores(image: Float32Array): { readonly dims: readonly number[]; readonly data: Float32Array } {
    this.#run(image, 'scores');
    const { at, length } = this.#encoded.answer;
    const data = new Float32Array(this.#memory.buffer, at, length) as Float32Array<ArrayBufferLike>;
    return { dims: [1, this.channels, ...this.#size], data: data as Float32Array };
  }

  /** @returns the class of each voxel, and sums that are finite if all scores are. @throws as scores */
  classes(image: Float32Array): { readonly classes: Uint8Array; readonly sums: Float32Array } {
    this.#run(image, 'classes');
    const { answer, sums } = this.#encoded;
    return {
      classes: new Uint8Array(this.#memory.buffer, answer.at, answer.length) as Uint8Array,
      sums: new Float32Array(this.#memory.buffer, sums.at, sums.floats) as Float32Array,
    };
  }

  release(): void {
    this.#kernels.end(this.#encoded.control);
    for (const thread of this.#threads) void thread.terminate();
  }

  #run(image: Float32Array, wish: Wish): void {
    if (wish !== this.#wish) throw new Error(`made for ${this.#wish}`);
    const { control, image: input } = this.#encoded;
    if (image.length !== input.floats) throw new Error('an image of another size');
    new Float32Array(this.#memory.buffer, input.at, input.floats).set(image);
    if (this.#kernels.start(control) !== 0) {
      throw new LanternError(
        'model/run-failed',
        'A part of the computation stopped answering.',
        'Run the model again; if it happens again, restart the program.',
      );
    }
  }
}
