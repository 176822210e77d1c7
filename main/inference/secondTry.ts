/**
 * When a run is tried once more, on the processor: after a failure that may be the graphics card's, and after a crash of the process
 * that was not for want of memory.
 */
import type { Warning } from '#contract/schemas.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ProviderName } from './inferenceMessages.ts';

/** Failures that another provider need not repeat. */
const MAY_BE_THE_PROVIDERS = [
  'model/process-crashed',
  'model/unreadable',
  'model/run-failed',
  'model/non-finite-output',
];

/** @returns what the result's reader is told of it; null where it is not tried again */
export function secondTry(error: unknown, provider: ProviderName): Warning | null {
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

export function isCrash(error: unknown): boolean {
  return error instanceof LanternError && error.code === 'model/process-crashed';
}
