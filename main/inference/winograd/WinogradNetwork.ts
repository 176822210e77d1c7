/**
 * A network of three-dimensional convolutions in this program's own kernels (kernels), for windows of one size. The layers run on
 * all threads in one shared memory; the caller's thread is one of them and waits inside. Next: core/onnx/winograd/encodeLayers.ts.
 */
import { once } from 'node:events';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DecidedWindow } from '#core/inference/WindowLooks.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { type EncodedLayers, encodeLayers, type Wish } from '#core/onnx/winograd/encodeLayers.ts';
import type { LayerPlan } from '#core/onnx/winograd/layer.ts';
import { kernelsModule } from './kernelsModule.ts';

interface Kernels {
  /** @returns 0, or 1 where another thread did not come */
  start(control: number): number;
  end(control: number): void;
}

const PAGE = 65_536;
const MOST_PAGES = 65_536;
const MOST_THREADS = 16;
/**
 * Runs in a thread that knows nothing but the shared memory: it needs no file, so it needs no permission to read one. Until the first order
 * comes it touches its part of the memory, page by page from the end, as filters lie near the end: a system that is slow to give pages would
 * else give them inside of the first window.
 */
const THREAD = `
const { parentPort, workerData: { module, memory, control, thread, part } } = require('node:worker_threads');
const { serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.postMessage('ready');
const words = new Int32Array(memory.buffer);
for (let at = part[1] / 4 - 1; at > part[0] / 4 && Atomics.load(words, control / 4) === 0; at -= 1024) Atomics.or(words, at, 0);
serve(control, thread);
`;

/** Of networks that were released. The collector alone would give shared memory back late: the next network takes it over. */
const spare: WebAssembly.Memory[] = [];

/** What was worked out of a network before any memory is taken. */
export interface PreparedNetwork {
  readonly encoded: EncodedLayers;
  readonly wish: Wish;
  readonly threads: number;
  readonly channels: number;
  /** Of the answer, (D, H, W). */
  readonly size: Size3;
}

/**
 * @param how `largeBytes`: values from which on convolutions work in place (layOut.ts)
 * @returns null where the runtime lacks what the kernels need, or the network can't answer the wish or is too large for them
 */
export function prepareNetwork(
  plan: LayerPlan,
  wish: Wish,
  {
    threads = Math.min(MOST_THREADS, os.availableParallelism()),
    largeBytes,
  }: { readonly threads?: number; readonly largeBytes?: number } = {},
): PreparedNetwork | null {
  const encoded = kernelsModule() && encodeLayers(plan, wish, threads, largeBytes);
  return encoded && { encoded, wish, threads, channels: plan.output.channels, size: plan.output.size };
}

export class WinogradNetwork {
  readonly channels: number;
  readonly #at: Pick<EncodedLayers, 'control' | 'image' | 'answer' | 'doubt' | 'sums'>;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #threads: readonly Worker[];
  readonly #wish: Wish;
  #isReleased = false;
  readonly #size: Size3;
  /** All threads are there. Rejects where one is refused; never settles once the network was released. */
  readonly ready: Promise<unknown>;

  private constructor(module: WebAssembly.Module, { encoded, wish, threads, channels, size }: PreparedNetwork) {
    const { bytes, contents, filters, control, image, answer, doubt, sums } = encoded;
    this.#at = { control, image, answer, doubt, sums };
    this.#wish = wish;
    this.#size = size;
    this.channels = channels;
    this.#memory = memoryOf(Math.ceil(bytes / PAGE));
    for (const { at, words } of contents) {
      const from = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      new Uint8Array(this.#memory.buffer, at, from.length).set(from);
    }
    this.#kernels = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Kernels;
    this.#threads = Array.from({ length: threads - 1 }, (_, n) => {
      const part = [n, n + 1].map((end) => Math.ceil((end * bytes) / (threads - 1) / PAGE) * PAGE);
      const workerData = { module, memory: this.#memory, control, thread: n + 1, part };
      const thread = new Worker(THREAD, { eval: true, workerData, execArgv: [] });
      // One that ends early is noticed by the run that misses it.
      thread.on('error', () => undefined);
      return thread;
    });
    this.ready = Promise.all(this.#threads.map((thread) => once(thread, 'message')));
    // Who waits for it hears of it; the program may end while threads wait for work.
    this.ready.then(
      () => this.#letGo(),
      () => undefined,
    );
    for (const write of filters) write(this.#memory.buffer);
  }

  /** @returns a network that can be asked once it is `ready` @throws where memory is refused */
  static begin(prepared: PreparedNetwork): WinogradNetwork {
    const module = kernelsModule();
    if (!module) throw new Error('no kernels on this runtime');
    return new WinogradNetwork(module, prepared);
  }

  /**
   * @param image [1, C, D, H, W]
   * @returns scores [1, classes, D, H, W] that stay as they are until the next run
   * @throws Error when a thread is gone: then this network can't run any more
   */
  scores(image: Float32Array): { readonly dims: readonly number[]; readonly data: Float32Array } {
    this.#run(image, 'scores');
    const { at, length } = this.#at.answer;
    const data = new Float32Array(this.#memory.buffer, at, length) as Float32Array<ArrayBufferLike>;
    return { dims: [1, this.channels, ...this.#size], data: data as Float32Array };
  }

  /** @returns the class of each voxel, where it was wished how unsure the scores are, and sums that are finite if all scores are. @throws as scores */
  classes(image: Float32Array): DecidedWindow {
    this.#run(image, 'classes');
    const { answer, doubt, sums } = this.#at;
    return {
      classes: new Uint8Array(this.#memory.buffer, answer.at, answer.length) as Uint8Array,
      doubt: doubt.bytes > 0 ? (new Uint8Array(this.#memory.buffer, doubt.at, doubt.bytes) as Uint8Array) : null,
      sums: new Float32Array(this.#memory.buffer, sums.at, sums.floats) as Float32Array,
    };
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    this.#kernels.end(this.#at.control);
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
    spare.push(this.#memory);
  }

  #letGo(): void {
    if (!this.#isReleased) for (const thread of this.#threads) thread.unref();
  }

  #run(image: Float32Array, answer: 'scores' | 'classes'): void {
    if ((answer === 'scores') !== (this.#wish === 'scores')) throw new Error(`made for ${this.#wish}`);
    const { control, image: input } = this.#at;
    if (image.length !== input.floats) throw new Error('an image of another size');
    new Float32Array(this.#memory.buffer, input.at, input.floats).set(image);
    if (this.#kernels.start(control) !== 0) throw new Error('a thread did not come');
  }
}

/** @returns the largest that is spare, grown where it is too small; the others are given up */
function memoryOf(pages: number): WebAssembly.Memory {
  const [largest] = spare.splice(0).sort((a, b) => b.buffer.byteLength - a.buffer.byteLength);
  const missing = pages - (largest?.buffer.byteLength ?? 0) / PAGE;
  if (!largest) return new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
  if (missing > 0) largest.grow(missing);
  return largest;
}
