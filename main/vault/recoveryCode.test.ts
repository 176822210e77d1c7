import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRecoveryCode, parseRecoveryCode } from './recoveryCode.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('the recovery code', () => {
  it('is seven groups of five characters that cannot be mistaken for each other', () => {
    const code = newRecoveryCode();
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){6}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(newRecoveryCode()).not.toBe(code);
    expect(parseRecoveryCode(code)).toBe(code.replaceAll('-', '').slice(0, 34));
  });

  it('uses every character of the alphabet', () => {
    const seen = new Set(Array.from({ length: 100 }, newRecoveryCode).join('').replaceAll('-', ''));
    expect([...seen].sort().join('')).toBe(ALPHABET);
  });

  it('may be typed in lower case, without hyphens, with spaces, and with O, I and L for 0 and 1', () => {
    fc.assert(
      fc.property(fc.constantFrom('O', 'o', '0'), fc.constantFrom('I', 'l', '1', 'i', 'L'), (zero, one) => {
        const code = newRecoveryCode();
        const typed = ` ${code.replaceAll('0', zero).replaceAll('1', one).replaceAll('-', ' ').toLowerCase()}\n`;
        expect(parseRecoveryCode(typed)).toBe(parseRecoveryCode(code));
      }),
    );
  });

  it('notices every single wrong character', () => {
    const code = newRecoveryCode().replaceAll('-', '');
    for (let at = 0; at < code.length; at++) {
      for (const other of ALPHABET) {
        if (other === code[at]) continue;
        const typed = code.slice(0, at) + other + code.slice(at + 1);
        expect(() => parseRecoveryCode(typed)).toThrow(expect.objectContaining({ code: 'vault/wrong-recovery-code' }));
      }
    }
  });

  it('notices two neighbours that were swapped, and a character too few or too many', () => {
    for (let round = 0; round < 20; round++) {
      const code = newRecoveryCode().replaceAll('-', '');
      for (let at = 0; at + 1 < code.length; at++) {
        if (code[at] === code[at + 1]) continue;
        const typed = `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}`;
        expect(() => parseRecoveryCode(typed)).toThrow(/typing mistake/);
      }
      expect(() => parseRecoveryCode(code.slice(1))).toThrow(/typing mistake/);
      expect(() => parseRecoveryCode(`${code}0`)).toThrow(/typing mistake/);
    }
    expect(() => parseRecoveryCode('')).toThrow(/typing mistake/);
  });
});
