/** Objects that are only of use together. */
import type { FinishedObject } from './openVault.ts';

/**
 * Waits for all of them, also when one fails: then the others are discarded, so that nothing of them takes room on the disk.
 * @throws what the first one that failed threw
 */
export async function allFinished<const Pending extends readonly Promise<FinishedObject>[]>(
  pending: Pending,
): Promise<{ -readonly [K in keyof Pending]: FinishedObject }> {
  const settled = await Promise.allSettled(pending);
  const failed = settled.find((each) => each.status === 'rejected');
  const finished = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (!failed) return finished as { -readonly [K in keyof Pending]: FinishedObject };
  for (const object of finished) object.discard();
  throw failed.reason;
}
