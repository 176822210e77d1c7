/** Work that is on its way to the host. Whoever locks the vault or closes the window waits for it, but not for ever. */

const LONGEST_WAIT_MS = 5000;
const waits = new Set<() => Promise<unknown>>();

/** @param settled resolves when nothing is on its way any more, saved or not @returns the way to be asked no more */
export function waitForMe(settled: () => Promise<unknown>): () => void {
  waits.add(settled);
  return () => waits.delete(settled);
}

export async function workArrived(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
  });
  await Promise.race([Promise.allSettled([...waits].map((settled) => settled())), limit]);
  clearTimeout(timer);
}
