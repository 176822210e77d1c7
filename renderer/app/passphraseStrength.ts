/**
 * A hint how long a passphrase would resist, counted on the safe side: words and digits are guessed from lists, not letter by
 * letter. It never forbids anything; the shortest length is the vault's rule (main/vault/passphraseKey.ts).
 */

export const MIN_PASSPHRASE_LENGTH = 10;

export interface PassphraseStrength {
  readonly level: 'too-short' | 'weak' | 'fair' | 'strong';
  /** 0..1, for the bar. */
  readonly share: number;
}

/** Bits of a word from a list of 7,776 (diceware), and of a character that is none. */
const wordBits = 12.9;
const symbolBits = 4;
const digitBits = 3.3;

export function passphraseStrength(passphrase: string): PassphraseStrength {
  const bits = guessedBits(passphrase);
  const share = Math.min(1, bits / 80);
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) return { level: 'too-short', share };
  if (bits < 40) return { level: 'weak', share };
  return { level: bits < 60 ? 'fair' : 'strong', share };
}

function guessedBits(passphrase: string): number {
  const tokens = passphrase.toLowerCase().match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]/gu) ?? [];
  let bits = 0;
  // A word that comes again is nearly free to guess.
  for (const token of new Set(tokens)) {
    if (/\p{L}/u.test(token)) bits += isRepeated(token) ? symbolBits : Math.min(wordBits, token.length * symbolBits);
    else if (/\p{N}/u.test(token)) bits += surprises(token) * digitBits;
    else if (token !== ' ') bits += symbolBits;
  }
  return bits;
}

function isRepeated(token: string): boolean {
  return new Set(token).size === 1;
}

/** Digits that do not just go on as the one before did: 1 in "2222", 2 in "1234", 3 in "12349". */
function surprises(digits: string): number {
  const codes = [...digits].map((digit) => digit.charCodeAt(0));
  const steps = codes.map((code, index) => code - (codes[index - 1] ?? 0));
  return steps.filter((step, index) => step !== steps[index - 1] && step !== 0).length;
}
