/**
 * A network that is ready to run. On the processor it runs in the fastest form that it can be brought into for the windows that it is
 * asked for, equal but for rounding: in this program's own kernels (winograd/), where these do not know its end with the runtime behind
 * them, else rewritten for the runtime's 2D kernels (core/onnx/sliced), else as its maker wrote it.
 */
import ort from 'onnxruntime-node';
import type { DecidedWindow, DecisionWish } from '#core/inference/WindowLooks.ts';
import { dividedDilations } from '#core/onnx/dividedDilations.ts';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import { channelPadding } from '#core/onnx/sliced/channelPadding.ts';
import { CLASSES_OUTPUT, SUMS_OUTPUT } from '#core/onnx/sliced/decision.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { sliceNetwork } from '#core/onnx/sliced/sliceNetwork.ts';
import type { Wish } from '#core/onnx/winograd/encodeLayers.ts';
import type { LayerPlan } from '#core/onnx/winograd/layer.ts';
import { planHead } from '#core/onnx/winograd/planHead.ts';
import { planLayers } from '#core/onnx/winograd/planLayers.ts';
import { blockSize } from './blockedKernels.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { NetworkTail } from './NetworkTail.ts';
import { createSession, createSlicedSession } from './session.ts';
import { areKernelsTrusted } from './winograd/trustedKernels.ts';
import { prepareNetwork, WinogradNetwork } from './winograd/WinogradNetwork.ts';

/** Above it, zeros eat the gain: a MeshNet of 5 channels (2.5 in blocks of 8) was slower, one of 21 (1.3) is faster. */
const MOST_PADDING = 2;

/** By output. */
export type NetworkAnswers = Readonly<Record<string, { readonly dims: readonly number[]; readonly data: unknown }>>;

export class LoadedNetwork {
  /** As the maker wrote it: names and shapes are asked of this one. */
  readonly plain: ort.InferenceSession;
  readonly #written: ModelProto;
  readonly #provider: ProviderName;
  readonly #model: ModelProto | null;
  #form: Form | null = null;
  /** Forms that this network can't have: of a kind at all, or of a kind for one window and wish. */
  readonly #refused = new Set<string>();

  /** @param provider one that has 3D kernels of its own runs the network as it is */
  constructor(plain: ort.InferenceSession, model: ModelProto, provider: ProviderName) {
    this.plain = plain;
    this.#written = model;
    this.#provider = provider;
    this.#model = provider === 'cpu' ? model : null;
  }

  /** Makes ready for images of these dimensions, threads and all, so that what comes next holds the run alone. */
  async prepare(dims: readonly number[], wish: Wish = 'scores'): Promise<void> {
    const form = await this.#formFor(dims, wish);
    // What goes wrong is met by the run.
    if (form?.kind === 'winograd') await form.network.ready.catch(() => undefined);
  }

  /** Whether this program's own kernels take such images and answer for every voxel of them, also where the file states another size. */
  async kernelsTake(dims: readonly number[], wish: Wish): Promise<boolean> {
    const asked = this.#asked(dims, wish);
    return asked !== null && (await this.#wholePlan(asked)) !== null;
  }

  /**
   * As `prepare`, but for this program's own kernels alone, whose threads are not waited for.
   * @returns as `kernelsTake`, and whether there is memory for it
   */
  async prepareKernels(dims: readonly number[], wish: Wish): Promise<boolean> {
    const asked = this.#asked(dims, wish);
    const plan = asked && (await this.#wholePlan(asked));
    if (!plan) return false;
    if (this.#form?.key !== asked.key) this.#form = (await this.#inKernels(asked, plan, null)) ?? this.#form;
    return this.#form?.key === asked.key && this.#form.kind === 'winograd';
  }

  /** @returns the answers of these outputs, which stay as they are until the next run, and whether another form than the maker's gave them */
  async run(
    image: ort.Tensor,
    outputs: readonly string[],
  ): Promise<{ answers: NetworkAnswers; isRewritten: boolean; milliseconds: number }> {
    const form = await this.#formFor(image.dims, 'scores');
    try {
      if (form?.kind === 'winograd') await form.network.ready;
      const from = performance.now();
      const answers = await this.#answers(form, image, outputs);
      return { answers, isRewritten: form !== null, milliseconds: performance.now() - from };
    } catch (error) {
      if (form?.kind !== 'winograd') throw error;
      await this.#giveUpWinograd();
      return this.run(image, outputs);
    }
  }

  /** @returns classes instead of scores, which are never held; null where only scores can be had */
  async decide(
    values: Float32Array,
    dims: readonly number[],
    classes: number,
    wish: DecisionWish,
  ): Promise<(DecidedWindow & { readonly milliseconds: number }) | null> {
    const form = await this.#formFor(dims, wish);
    if (form?.channels !== classes) return null;
    try {
      if (form.kind === 'winograd') await form.network.ready;
      const from = performance.now();
      const decided =
        form.kind === 'winograd' ? form.network.classes(values) : await this.#decidedBySlices(form, values, dims);
      return { ...decided, milliseconds: performance.now() - from };
    } catch (error) {
      if (form.kind !== 'winograd') throw error;
      await this.#giveUpWinograd();
      return this.decide(values, dims, classes, wish);
    }
  }

  /**
   * @param factor how much larger the voxels are than those of the training
   * @returns a network that reaches over as many millimetres as this one, to be released by the caller; null where this one is to be asked:
   *   nothing in it is dilated, or not in a way that can be divided
   */
  async forLargerVoxels(factor: number): Promise<LoadedNetwork | null> {
    const model = dividedDilations(this.#written, factor);
    if (!model) return null;
    // As before every form: two windows' memory at once could be more than there is.
    await this.#dropForm();
    return new LoadedNetwork(await createSession(writeModel(model), this.#provider), model, this.#provider);
  }

  async release(): Promise<void> {
    await this.#dropForm();
    await this.plain.release();
  }

  async #answers(form: Form | null, image: ort.Tensor, outputs: readonly string[]): Promise<NetworkAnswers> {
    const [input = ''] = this.plain.inputNames;
    let answers: ort.InferenceSession.OnnxValueMapType;
    if (form?.kind === 'winograd') {
      const answer = form.network.scores(image.data as Float32Array);
      if (!form.tail) return Object.fromEntries(outputs.map((name) => [name, answer]));
      answers = await form.tail.run(answer, image, outputs);
    } else answers = await (form?.session ?? this.plain).run({ [input]: image }, outputs);
    return Object.fromEntries(
      Object.entries(answers).flatMap(([name, value]) =>
        'data' in value ? [[name, { dims: value.dims, data: value.data }]] : [],
      ),
    );
  }

  async #decidedBySlices(
    { session }: Form & { readonly kind: 'sliced' },
    values: Float32Array,
    dims: readonly number[],
  ): Promise<DecidedWindow> {
    const [input = ''] = this.plain.inputNames;
    const answers = await session.run({ [input]: new ort.Tensor('float32', values, dims) });
    const [classes, sums] = [answers[CLASSES_OUTPUT]?.data, answers[SUMS_OUTPUT]?.data];
    if (!(classes instanceof Uint8Array && sums instanceof Float32Array)) throw new Error('no classes in the answer');
    return { classes, doubt: null, sums };
  }

  async #formFor(dims: readonly number[], wish: Wish): Promise<Form | null> {
    const asked = this.#asked(dims, wish);
    if (!asked) return null;
    if (this.#form?.key === asked.key) return this.#form;
    const found = (await this.#winograd(asked)) ?? (await this.#sliced(asked));
    if (found) this.#form = found;
    return found;
  }

  /** @returns null for images that are not three-dimensional, and where a provider has kernels of its own */
  #asked(dims: readonly number[], wish: Wish): Asked | null {
    const [batch, , depth, height, width, ...more] = dims;
    if (!this.#model || batch !== 1 || depth === undefined || height === undefined || width === undefined) return null;
    if (more.length > 0) return null;
    return { key: `${dims.join()} ${wish}`, model: this.#model, size: [depth, height, width], wish };
  }

  /** @returns null where the kernels do not know all of the network, or it answers for another grid than the image's */
  async #wholePlan(asked: Asked): Promise<LayerPlan | null> {
    const { model, size } = asked;
    const plan = (await this.#mayUseKernels(asked)) ? planLayers(model, size) : null;
    return plan?.output.size.every((n, axis) => n === size[axis]) ? plan : null;
  }

  async #mayUseKernels({ key }: Asked): Promise<boolean> {
    return !this.#refused.has('winograd') && !this.#refused.has(`winograd ${key}`) && (await areKernelsTrusted());
  }

  async #winograd(asked: Asked): Promise<Form | null> {
    const { key, model, size, wish } = asked;
    if (!(await this.#mayUseKernels(asked))) return null;
    const whole = planLayers(model, size);
    const head = !whole && wish === 'scores' ? planHead(model, size) : null;
    const tail = head && (await NetworkTail.load(head).catch(() => null));
    const plan = whole ?? (tail && head?.plan);
    if (plan) return this.#inKernels(asked, plan, tail);
    this.#refused.add(`winograd ${key}`);
    return null;
  }

  /** @param tail released where nothing comes of it */
  async #inKernels({ key, wish }: Asked, plan: LayerPlan, tail: NetworkTail | null): Promise<Form | null> {
    const prepared = prepareNetwork(plan, wish);
    if (!prepared) {
      await tail?.release();
      this.#refused.add(`winograd ${key}`);
      return null;
    }
    // Two windows' memory at once could be more than there is.
    await this.#dropForm();
    try {
      const network = WinogradNetwork.begin(prepared);
      return { kind: 'winograd', key, network, tail, channels: network.channels };
    } catch {
      // No memory for it: the network runs in another form, and the provenance says so.
      await tail?.release();
      this.#refused.add('winograd');
      return null;
    }
  }

  async #sliced({ key, model, size, wish }: Asked): Promise<Form | null> {
    if (this.#refused.has('sliced')) return null;
    const block = await blockSize();
    const pays = block !== null && channelPadding(model, block) <= MOST_PADDING;
    const decides = wish !== 'scores';
    // The runtime's operators hold a class, and no doubt.
    const rewritten = pays && wish !== 'classes and doubt' ? sliceNetwork(model, size, block, { decides }) : null;
    if (!rewritten) {
      if (!decides) this.#refused.add('sliced');
      return null;
    }
    await this.#dropForm();
    try {
      const session = await createSlicedSession(writeModel(rewritten.model));
      return { kind: 'sliced', key, session, channels: rewritten.channels };
    } catch {
      // A runtime that does not take it costs time and not the result: the network runs as it is, and the provenance says so.
      this.#refused.add('sliced');
      return null;
    }
  }

  /** A thread of its is gone, or never came: it could only wait for it again. The next form computes the same. */
  async #giveUpWinograd(): Promise<void> {
    this.#refused.add('winograd');
    await this.#dropForm();
  }

  async #dropForm(): Promise<void> {
    const form = this.#form;
    this.#form = null;
    if (form?.kind === 'winograd') {
      await form.network.release();
      await form.tail?.release();
    } else await form?.session.release();
  }
}

interface Asked {
  readonly key: string;
  readonly model: ModelProto;
  readonly size: Size3;
  readonly wish: Wish;
}

/** `channels` of the scores; null where they are not known beforehand. */
type Form =
  | {
      readonly kind: 'winograd';
      readonly key: string;
      readonly network: WinogradNetwork;
      /** What comes behind the kernels; null: nothing. */
      readonly tail: NetworkTail | null;
      readonly channels: number | null;
    }
  | {
      readonly kind: 'sliced';
      readonly key: string;
      readonly session: ort.InferenceSession;
      readonly channels: number | null;
    };
