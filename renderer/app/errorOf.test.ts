import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { LanternError } from '#core/errors/lanternError.ts';
import { errorOf, errorOfAnswer, isAbort } from './errorOf.ts';

const told = { code: 'vault/wrong-passphrase', message: 'This is not the passphrase.', hint: 'Try again.' } as const;

describe('errorOf', () => {
  it('leaves a LanternError as it is', () => {
    const error = new LanternError(told.code, told.message, told.hint);
    expect(errorOf(error)).toBe(error);
  });

  it('takes what the host told out of a typed error', () => {
    expect(errorOf(new ORPCError('LANTERN', { status: 422, data: told })).toJSON()).toEqual(told);
  });

  it('says of a broken connection that the program has stopped', () => {
    expect(errorOf(new TypeError('Failed to fetch')).code).toBe('shell/host-lost');
  });

  it('does not take a bug for a broken connection', () => {
    expect(errorOf(new TypeError('x is not a function')).code).toBe('shell/unexpected');
    expect(errorOf('what').code).toBe('shell/unexpected');
  });

  it('always has a sentence and a next step', () => {
    for (const error of [errorOf(null), errorOfAnswer(403, null), errorOfAnswer(404, ''), errorOfAnswer(500, {})]) {
      expect(error.message).toMatch(/\.$/);
      expect(error.hint).toMatch(/\.$/);
    }
  });
});

describe('errorOfAnswer', () => {
  it('reads the failure of a binary route', () => expect(errorOfAnswer(422, told).toJSON()).toEqual(told));
});

describe('isAbort', () => {
  it('knows what was given up on purpose', () => {
    expect(isAbort(new DOMException('gone', 'AbortError'))).toBe(true);
    expect(isAbort(new TypeError('Failed to fetch'))).toBe(false);
  });
});
