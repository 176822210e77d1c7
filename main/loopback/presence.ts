/**
 * Whether a window is open, told by the stream of jobs that every window keeps open. Once the last has been gone for a while the
 * program may end; a reload closes and opens a stream within a second and does not count.
 */
export class Presence {
  readonly #graceMs: number;
  readonly #onAbandoned: () => void;
  #windows = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(graceMs: number, onAbandoned: () => void) {
    this.#graceMs = graceMs;
    this.#onAbandoned = onAbandoned;
  }

  get windows(): number {
    return this.#windows;
  }

  enter(): void {
    this.#windows += 1;
    clearTimeout(this.#timer);
  }

  leave(): void {
    this.#windows -= 1;
    if (this.#windows > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onAbandoned, this.#graceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
