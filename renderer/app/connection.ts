/** What the renderer knows about its host: whether it answers, whether the vault was locked behind its back. */
import { create } from 'zustand';

interface Connection {
  /** The program behind the page does not answer. */
  readonly lost: boolean;
  /** Grows each time a call is refused because the vault is locked. */
  readonly lockedCount: number;
}

export const useConnection = create<Connection>()(() => ({ lost: false, lockedCount: 0 }));

const jobListeners = new Set<(jobId: string) => void>();

/** Called for every job that a call of this window started. @returns the way to stop listening */
export function onJobStarted(listener: (jobId: string) => void): () => void {
  jobListeners.add(listener);
  return () => jobListeners.delete(listener);
}

export function tellJobStarted(jobId: string): void {
  for (const listener of jobListeners) listener(jobId);
}

export function tellReached(): void {
  if (useConnection.getState().lost) useConnection.setState({ lost: false });
}

/** Sorts out of a failure what concerns the whole window. */
export function tellFailure(code: string): void {
  if (code === 'shell/host-lost') useConnection.setState({ lost: true });
  if (code === 'vault/locked') useConnection.setState((state) => ({ lockedCount: state.lockedCount + 1 }));
}
