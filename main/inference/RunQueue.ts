/**
 * Who runs next: one run at a time, the more urgent first, in the order of asking among equals. A run that waits holds nothing but
 * its place; its work begins at its turn. An explanation gives its place up to a run that a person waits for, and gets it back.
 * Next: inferenceService.ts.
 */
import { LanternError } from '#core/errors/lanternError.ts';

/**
 * Most urgent first. Interactive: a person looks on. Explanation: a person wants it, and can do other things meanwhile. Batch: work of a
 * script, which must not keep a person waiting.
 */
const RUN_PRIORITIES = ['interactive', 'explanation', 'batch'] as const;
export type RunPriority = (typeof RUN_PRIORITIES)[number];

export interface PlaceRequest {
  readonly priority: RunPriority;
  /** Gives the place up while it waits; the work itself has to look after its own end. */
  readonly signal: AbortSignal;
  /** Told whenever it changes while the run waits; 1: it is next. Not called for a run that need not wait. */
  moved(position: number): void;
}

interface Waiting extends PlaceRequest {
  begin(): void;
  told: number;
}

interface Running {
  readonly priority: RunPriority;
  /** Fires when somebody more urgent waits for what can be gone on with later. */
  readonly giveWay: AbortController;
}

/** A limit of its own for each, so that a script that asks for hundreds does not shut a person out. */
const MOST_WAITING: Readonly<Record<RunPriority, number>> = { interactive: 8, explanation: 64, batch: 64 };

class GaveWay extends Error {}

export class RunQueue {
  readonly #most: Readonly<Record<RunPriority, number>>;
  readonly #waiting: Waiting[] = [];
  #running: Running | null = null;

  constructor(most: Readonly<Record<RunPriority, number>> = MOST_WAITING) {
    this.#most = most;
  }

  /**
   * Takes a place before anything is awaited: the order is that of asking.
   * @param work an explanation may throw the reason of `giveWay` when that fires: it is begun again, before all others of its kind
   * @throws model/queue-full, the signal's reason while it waits, and what `work` throws
   */
  async run<T>(request: PlaceRequest, work: (giveWay: AbortSignal) => Promise<T>): Promise<T> {
    request.signal.throwIfAborted();
    let place = this.#running ? await this.#turn(request) : this.#take(request);
    for (;;) {
      let back: Promise<Running>;
      try {
        return await work(place.giveWay.signal);
      } catch (error) {
        const { aborted, reason } = place.giveWay.signal;
        if (!aborted || error !== reason) throw error;
        request.signal.throwIfAborted();
        // Before the next one begins, so that nobody slips in between.
        back = this.#turn(request, true);
      } finally {
        this.#next();
      }
      place = await back;
    }
  }

  #take({ priority }: PlaceRequest): Running {
    this.#running = { priority, giveWay: new AbortController() };
    return this.#running;
  }

  /** @param isBack it ran already and gave way */
  #turn(request: PlaceRequest, isBack = false): Promise<Running> {
    const { priority, signal } = request;
    const most = this.#most[priority];
    if (!isBack && this.#waiting.filter((w) => w.priority === priority).length >= most) throw full(most);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...request,
        moved: (position) => request.moved(position),
        told: 0,
        begin: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.#take(request));
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
        this.#tellPositions();
      };
      signal.addEventListener('abort', leave, { once: true });
      const behind = this.#waiting.findIndex((w) => rank(w) > rank(request) || (isBack && rank(w) === rank(request)));
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiting);
      this.#tellPositions();
      const running = this.#running;
      if (running?.priority === 'explanation' && rank(request) < rank(running)) running.giveWay.abort(new GaveWay());
    });
  }

  #next(): void {
    const next = this.#waiting.shift();
    // It goes over from one run to the next without a gap that a newcomer could slip into.
    this.#running = null;
    next?.begin();
    this.#tellPositions();
  }

  #tellPositions(): void {
    for (const [at, waiting] of this.#waiting.entries()) {
      if (waiting.told === at + 1) continue;
      waiting.told = at + 1;
      waiting.moved(at + 1);
    }
  }
}

function rank({ priority }: Pick<PlaceRequest, 'priority'>): number {
  return RUN_PRIORITIES.indexOf(priority);
}

const ORDINALS = ['Next', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth', 'Ninth', 'Tenth'];

/** @param position 1: next @returns "Next in the queue", "Second in the queue", "Number 14 in the queue" */
export function positionInWords(position: number): string {
  return `${ORDINALS[position - 1] ?? `Number ${position}`} in the queue`;
}

function full(most: number): LanternError {
  return new LanternError(
    'model/queue-full',
    `${most} runs are waiting already, and this one was not taken.`,
    'Wait until one of them has ended, or cancel one in the status line.',
  );
}
