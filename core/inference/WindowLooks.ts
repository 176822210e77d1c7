/**
 * One window, looked at in every way: each network's answer, flipped back, averaged as probabilities. With one way the answer is the
 * network's own scores, untouched and uncopied. Ways of one member stand together, so that a caller who holds one network at a time
 * loads each once for a window.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import { activate } from './activate.ts';
import { cutWindow, type Looker, reusedMemory } from './cutWindow.ts';
import { scoreDims } from './inputTensor.ts';
import { areExclusive } from './measureDoubt.ts';
import { isFlipped, type Way } from './ways.ts';

/** What a network answered for one window: dims [1, class, k, j, i], of two dimensions [1, class, j, i]. */
export interface WindowScores {
  readonly dims: readonly number[];
  readonly scores: Float32Array;
}

/** The doubt of scores whose classes exclude one another (measureDoubt.ts). */
export type DecisionWish = 'classes' | 'classes and doubt';

/** What a network decided itself for one window: its scores were never held. */
export interface DecidedWindow {
  /** [k, j, i]: the channel with the highest score, of equal ones the first. */
  readonly classes: Uint8Array;
  /** [k, j, i]: as measureDoubt writes it; null where it was not wished. */
  readonly doubt: Uint8Array | null;
  /** Sums of the scores, part by part: finite if each score is. */
  readonly sums: Float32Array;
}

export interface LookHooks {
  /** @param input as inputDims says of `size` (i, j, k); what is answered may be changed by the caller */
  runWindow(input: Float32Array, size: Vector3, member: number): Promise<WindowScores>;
  /** As runWindow, but decided; null where the network can't do that. */
  decideWindow?(input: Float32Array, size: Vector3, member: number, wish: DecisionWish): Promise<DecidedWindow | null>;
  /** After each answer. */
  answered(): Promise<void>;
  /** Memory for what a network reads, whatever it holds; default: fresh. */
  allocate?(length: number): Float32Array;
}

export class WindowLooks {
  readonly #size: Vector3;
  readonly #lookers: readonly Looker[];
  readonly #ways: readonly Way[];
  readonly #hooks: LookHooks;
  readonly #memory: (length: number) => Float32Array;
  #mean: Float32Array | null = null;

  /** @param size of every window @param lookers by member */
  constructor(size: Vector3, lookers: readonly Looker[], ways: readonly Way[], hooks: LookHooks) {
    this.#size = size;
    this.#lookers = lookers;
    this.#ways = ways;
    this.#hooks = hooks;
    this.#memory = reusedMemory(hooks.allocate);
  }

  /**
   * @param start first voxel of the window
   * @returns [class, k, j, i], good until the next call: scores with one way, else mean probabilities
   * @throws model/shape-mismatch, model/no-probabilities
   */
  async at(start: Vector3): Promise<Float32Array> {
    const [only] = this.#ways;
    if (only && this.#ways.length === 1) return this.#answer(only, start);
    let mean = this.#mean;
    mean?.fill(0);
    for (const way of this.#ways) {
      const answer = await this.#answer(way, start);
      mean ??= new Float32Array(answer.length);
      this.#mean = mean;
      const { output, classes } = this.#looker(way).manifest;
      activate(answer, classes.length, output.activation, areExclusive(output, classes));
      addFlipped(answer, mean, this.#size, way);
    }
    if (!mean) throw new Error('a run without a way to look');
    return mean;
  }

  /** @returns null where the scores are needed: more ways than one, a flip, classes in another order, a network that can't decide */
  async decidedAt(start: Vector3, wish: DecisionWish): Promise<DecidedWindow | null> {
    const [only] = this.#ways;
    if (!only || this.#ways.length > 1 || isFlipped(only.flip) || only.channelOf.some((c, n) => c !== n)) return null;
    const looker = this.#looker(only);
    const window = cutWindow(looker, this.#size, start, only.flip, this.#memory);
    const decided = (await this.#hooks.decideWindow?.(window, this.#size, only.member, wish)) ?? null;
    if (decided) await this.#hooks.answered();
    return decided;
  }

  async #answer(way: Way, start: Vector3): Promise<Float32Array> {
    const looker = this.#looker(way);
    const { manifest } = looker;
    const window = cutWindow(looker, this.#size, start, way.flip, this.#memory);
    const answer = await this.#hooks.runWindow(window, this.#size, way.member);
    const { scores } = checkedScores(answer, scoreDims(manifest.input, manifest.classes.length, this.#size));
    await this.#hooks.answered();
    return scores;
  }

  #looker({ member }: Way): Looker {
    const looker = this.#lookers[member];
    if (!looker) throw new Error(`there is no member ${member}`);
    return looker;
  }
}

/** mean[channelOf[c]] += weight · answer[c], each voxel put back to where it lay before the flip. */
function addFlipped(
  answer: Float32Array,
  mean: Float32Array,
  [ni, nj, nk]: Vector3,
  { flip, channelOf, weight }: Way,
): void {
  const volume = ni * nj * nk;
  for (const [c, to] of channelOf.entries()) {
    let source = c * volume;
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        const row = to * volume + ni * ((flip[1] ? nj - 1 - j : j) + nj * (flip[2] ? nk - 1 - k : k));
        if (flip[0])
          for (let target = row + ni - 1; target >= row; target--) mean[target]! += weight * answer[source++]!;
        else for (let target = row; target < row + ni; target++) mean[target]! += weight * answer[source++]!;
      }
    }
  }
}

function checkedScores(answer: WindowScores, expected: readonly number[]): WindowScores {
  if (answer.dims.length !== expected.length || expected.some((n, axis) => answer.dims[axis] !== n)) {
    throw new LanternError(
      'model/shape-mismatch',
      `The network answered with ${answer.dims.join(' × ')} numbers where its manifest promises ${expected.join(' × ')}.`,
      'The manifest does not belong to this network: get the model pack again from its maker.',
    );
  }
  return answer;
}
