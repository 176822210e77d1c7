/**
 * When a run or an explanation is tried once more, on the processor: after a failure that may be the graphics card's, and after a crash of
 * the process that was not for want of memory.
 */
import type { Warning } from '#contract/schemas/messages.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ProviderName } from './inferenceMessages.ts';
import type { Providers } from './Providers.ts';

/** Failures that another provider need not repeat. */
const MAY_BE_THE_PROVIDERS = [
  'model/process-crashed',
  'model/unreadable',
  'model/run-failed',
  'model/non-finite-output',
];

export interface TryMeans {
  readonly providers: Providers;
  /** Nothing else is tried, the processor excepted; null: the preferred one. */
  readonly required?: ProviderName | null;
  /** Once it has fired, nothing is tried again. */
  readonly signal: AbortSignal;
}

export interface Tried<T> {
  readonly answer: T;
  /** That answered. */
  readonly provider: ProviderName;
  /** What the result's reader is told of the second try; null: there was none. */
  readonly again: Warning | null;
}

/** @throws what the last attempt throws */
export async function withSecondTry<T>(
  attempt: (provider: ProviderName) => Promise<T>,
  { providers, required = null, signal }: TryMeans,
): Promise<Tried<T>> {
  const provider = required ?? (await providers.preferred());
  try {
    return { answer: await attempt(provider), provider, again: null };
  } catch (error) {
    const isInsistedOn = required !== null && required !== 'cpu';
    const again = signal.aborted || isInsistedOn ? null : secondTry(error, provider);
    if (!again) throw error;
    if (provider !== 'cpu') await providers.distrust(provider, isCrash(error) ? 'crashed' : 'failed');
    return { answer: await attempt('cpu'), provider: 'cpu', again };
  }
}

function secondTry(error: unknown, provider: ProviderName): Warning | null {
  if (provider !== 'cpu') {
    if (!(error instanceof LanternError && MAY_BE_THE_PROVIDERS.includes(error.code))) return null;
    return {
      code: 'model/ran-on-processor',
      message: `The graphics card (${provider}) failed during the run; the result was computed on the processor instead.`,
    };
  }
  if (!isCrash(error)) return null;
  return {
    code: 'model/started-again',
    message:
      'The process that runs networks ended unexpectedly during the run; it was started again and the run repeated.',
  };
}

function isCrash(error: unknown): boolean {
  return error instanceof LanternError && error.code === 'model/process-crashed';
}
