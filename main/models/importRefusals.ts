/** Why a pack that is in order is not taken in. */
import { LanternError } from '#core/errors/lanternError.ts';
import { findPacks, idOf } from '../inference/modelPack.ts';

/** @throws model/id-taken */
export async function refuseShipped(id: string, shippedFolders: readonly string[]): Promise<void> {
  if (!(await findPacks(shippedFolders)).some((pack) => idOf(pack) === id)) return;
  throw new LanternError(
    'model/id-taken',
    `A model named “${id}” comes with the program and is not replaced.`,
    'Ask the model’s maker to give it a name of its own.',
  );
}

export function notTrusted(id: string): LanternError {
  return new LanternError(
    'model/not-trusted',
    `No key that this clinic trusts has signed the pack “${id}”.`,
    'If you know where it comes from, say so and import it again (--trust); else ask its maker for a signed pack.',
  );
}
