/** The two planes of a box that were used last, by k: what lies between two slices needs no more, and their memory is used again. */
export class LastTwo<T> {
  /** The one that was used last stands last. */
  readonly #kept: { k: number; plane: T }[] = [];

  /** None is good any more; their memory still is. */
  forget(): void {
    for (const one of this.#kept) one.k = -1;
  }

  /**
   * @param make called where this plane is not there
   *   with the one that gives way to it; null while there is room
   */
  at(k: number, make: (spare: T | null) => T): T {
    const ready = this.#kept.findIndex((one) => one.k === k);
    const [found] = ready >= 0 ? this.#kept.splice(ready, 1) : [];
    const [oldest] = found || this.#kept.length < 2 ? [] : this.#kept.splice(0, 1);
    const next = found ?? { k, plane: make(oldest?.plane ?? null) };
    this.#kept.push(next);
    return next.plane;
  }
}
