/**
 * Who runs next: one run at a time, the more urgent first, in the order of asking among equals. A run that waits holds nothing but
 * its place; its work begins at its turn. Next: inferenceService.ts.
 */
import { LanternError } from '#core/errors/lanternError.ts';

/** Most urgent first. Interactive: a person looks on. Batch: work of a script, which must not keep a person waiting. */
const RUN_PRIORITIES = ['interactive', 'batch'] as const;
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

/** A limit of its own for each, so that a script that asks for hundreds does not shut a person out. */
const MOST_WAITING: Readonly<Record<RunPriority, number>> = { interactive: 8, batch: 64 };

export class RunQueue {
  readonly #most: Readonly<Record<RunPriority, number>>;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(most: Readonly<Record<RunPriority, number>> = MOST_WAITING) {
    this.#most = most;
  }

  /**
   * Takes a place before anything is awaited: the order is that of asking.
   * @throws model/queue-full, the signal's reason while it waits, and what `work` throws
   */
  async run<T>(request: PlaceRequest, work: () => Promise<T>): Promise<T> {
    request.signal.throwIfAborted();
    if (this.#isRunning) await this.#turn(request);
    else this.#isRunning = true;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn(request: PlaceRequest): Promise<void> {
    const { priority, signal } = request;
    const most = this.#most[priority];
    if (this.#waiting.filter((w) => w.priority === priority).length >= most) throw full(most);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...request,
        moved: (position) => request.moved(position),
        told: 0,
        begin: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
        this.#tellPositions();
      };
      signal.addEventListener('abort', leave, { once: true });
      const rank = RUN_PRIORITIES.indexOf(priority);
      const behind = this.#waiting.findIndex((w) => RUN_PRIORITIES.indexOf(w.priority) > rank);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiting);
      this.#tellPositions();
    });
  }

  #next(): void {
    const next = this.#waiting.shift();
    // It goes over from one run to the next without a gap that a newcomer could slip into.
    this.#isRunning = next !== undefined;
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
