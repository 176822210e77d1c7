/** What a benchmark answers. Speed is a ratio against a named peer in the same run, or a figure against a stated goal. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, measured in the same run on the same machine; or the goal in words. */
  readonly peer: string;
  /** value ÷ peer (or value ÷ goal); null where the peer is missing on this machine. */
  readonly ratio: number | null;
  /** As in "≤ 2 ×". */
  readonly goal: string;
  readonly met: boolean;
}

export interface Bench {
  readonly name: string;
  /** @throws Error with a sentence when something it needs is missing */
  run(): Promise<readonly BenchResult[]>;
}

/** Runs in turn: own, peer, own, peer …, so that both see the same machine. @returns medians in ms */
export async function alternate(
  rounds: number,
  own: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<{ own: number; peer: number }> {
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    mine.push(await own());
    theirs.push(await peer());
  }
  return { own: median(mine), peer: median(theirs) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** @returns how long `work` took, in ms */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
