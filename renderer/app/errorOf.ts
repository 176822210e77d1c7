/** Whatever was thrown, as the one error that a person can be told about. Words: words/en/app.ts. */
import { ORPCError } from '@orpc/client';
import { LanternError, type LanternErrorData } from '#core/errors/lanternError.ts';
import { words } from '../words/index.ts';

/** @returns `error` itself when it already is one */
export function errorOf(error: unknown): LanternError {
  if (error instanceof LanternError) return error;
  if (error instanceof ORPCError) return errorOfRpc(error);
  if (error instanceof TypeError && isNetworkFailure(error)) return hostLost(error);
  const { code, message, hint } = words.app.errors.unexpected;
  return new LanternError(code, message, hint, { cause: error });
}

/** A request that was given up on purpose: nobody is to be told. */
export function isAbort(error: unknown): boolean {
  const cause = error instanceof LanternError ? error.cause : error;
  return cause instanceof DOMException && cause.name === 'AbortError';
}

export function isErrorData(value: unknown): value is LanternErrorData {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, hint } = value as Record<'code' | 'message' | 'hint', unknown>;
  return typeof code === 'string' && typeof message === 'string' && typeof hint === 'string';
}

/** The failure that a binary route answered. */
export function errorOfAnswer(status: number, body: unknown): LanternError {
  if (isErrorData(body)) return new LanternError(body.code, body.message, body.hint);
  return errorOfStatus(status);
}

function errorOfRpc(error: ORPCError<string, unknown>): LanternError {
  if (isErrorData(error.data)) return new LanternError(error.data.code, error.data.message, error.data.hint);
  return errorOfStatus(error.status, error);
}

function errorOfStatus(status: number, cause?: unknown): LanternError {
  const { errors } = words.app;
  const said =
    status === 401 || status === 403 ? errors.notAllowed : status === 404 ? errors.notFound : errors.unexpected;
  return new LanternError(said.code, said.message, said.hint, { cause });
}

function hostLost(cause: unknown): LanternError {
  const { code, message, hint } = words.app.errors.hostLost;
  return new LanternError(code, message, hint, { cause });
}

/** Browsers report every broken connection as a TypeError with one of a few texts. */
function isNetworkFailure(error: TypeError): boolean {
  return /fetch|network|load failed|terminated/i.test(error.message);
}
