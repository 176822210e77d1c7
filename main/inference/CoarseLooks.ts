/**
 * Whether a coarse look before a run is worth its time: where a person would wait long, and not for a network whose coarse answers
 * turned out to be misleading here. Kept by network, without patient data. Next: coarseLook.ts.
 */
import { z } from 'zod';
import { MachineMemory } from './MachineMemory.ts';

const remembered = z.object({
  /** By sha256: Dice of the coarse look with the full result, the newest runs the most. */
  agreements: z.record(z.string(), z.number().min(0).max(1)),
});

/** Another name whenever looks are made in another way: what was learnt of the old ones says nothing of the new. */
const FILE = 'coarse-looks-3.json';
/** A look that agrees less shows a person what is not there, or hides what is. */
const LEAST_AGREEMENT = 0.6;
const WEIGHT_OF_NEWEST = 0.4;
/** A shorter run is over before a person has understood what a preview is. */
const LONG_SECONDS = 8;

export class CoarseLooks {
  readonly #memory: MachineMemory<z.infer<typeof remembered>>;
  readonly #fromSeconds: number;

  constructor(stateFolder: string | null, fromSeconds = LONG_SECONDS) {
    this.#memory = new MachineMemory(remembered, { agreements: {} }, FILE, stateFolder);
    this.#fromSeconds = fromSeconds;
  }

  /**
   * @param expectedSeconds of the full run; null: not known, so that it may be long
   * @returns null where there should be none; `agreement` of earlier looks of this network is null before its first one
   */
  async worthwhile(
    sha256: string,
    expectedSeconds: number | null,
  ): Promise<{ readonly agreement: number | null } | null> {
    if (expectedSeconds !== null && expectedSeconds < this.#fromSeconds) return null;
    const agreement = (await this.#memory.read()).agreements[sha256] ?? null;
    return agreement !== null && agreement < LEAST_AGREEMENT ? null : { agreement };
  }

  async learn(sha256: string, newest: number): Promise<void> {
    await this.#memory.change(({ agreements }) => {
      const before = agreements[sha256] ?? newest;
      return { agreements: { ...agreements, [sha256]: before + WEIGHT_OF_NEWEST * (newest - before) } };
    });
  }
}
