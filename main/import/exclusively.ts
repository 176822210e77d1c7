/** One import at a time for each vault: what one has found is not there yet may be what the other is about to store. */
import type { OpenVault } from '../vault/openVault.ts';

const turns = new WeakMap<OpenVault, Promise<unknown>>();

export function exclusively<T>(vault: OpenVault, work: () => Promise<T>): Promise<T> {
  const before = turns.get(vault) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(
    vault,
    mine.catch(() => undefined),
  );
  return mine;
}
