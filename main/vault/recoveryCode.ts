/**
 * The printed recovery code: 34 random characters of Crockford's base 32 (170 bits) and one check character, in seven groups of five.
 * The check is a weighted sum in GF(32): every single wrong character and every swap of two neighbours is noticed before Argon2id runs.
 */
import { randomBytes } from 'node:crypto';
import { LanternError } from '../../core/errors/lanternError.ts';

/** No I, L, O, U. @see https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA_CHARACTERS = 34;
const GROUP = 5;

/** @returns "7K3QD-…": seven groups of five */
export function newRecoveryCode(): string {
  const digits = [...randomBytes(DATA_CHARACTERS)].map((byte) => byte & 31);
  const text = [...digits, checkDigit(digits)].map((digit) => ALPHABET[digit]).join('');
  return text.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? text;
}

/**
 * Tolerates lower case, spaces, hyphens and the look-alikes O/0, I/L/1.
 * @returns the 34 data characters, the secret of a recovery slot
 * @throws vault/wrong-recovery-code
 */
export function parseRecoveryCode(code: string): string {
  const text = code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐‑‒–—_.]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  const digits = [...text].map((character) => ALPHABET.indexOf(character));
  const data = digits.slice(0, DATA_CHARACTERS);
  if (digits.length !== DATA_CHARACTERS + 1 || digits.includes(-1) || checkDigit(data) !== digits[DATA_CHARACTERS]) {
    throw new LanternError(
      'vault/wrong-recovery-code',
      'This recovery code has a typing mistake.',
      `Compare it with the printed page, group by group: ${(DATA_CHARACTERS + 1) / GROUP} groups of ${GROUP} characters.`,
    );
  }
  return text.slice(0, DATA_CHARACTERS);
}

/** Σ αⁿ·dₙ in GF(32) with x⁵ + x² + 1 and α = x (Horner). */
function checkDigit(digits: readonly number[]): number {
  let sum = 0;
  for (const digit of digits) {
    sum = (sum << 1) ^ (digit << 1);
    if (sum & 32) sum ^= 0b100101;
  }
  return sum;
}
