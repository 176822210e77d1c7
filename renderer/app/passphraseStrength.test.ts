import { describe, expect, it } from 'vitest';
import { passphraseStrength } from './passphraseStrength.ts';

describe('passphraseStrength', () => {
  it.each([
    ['', 'too-short'],
    ['Tr0ub4dor', 'too-short'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['123456789012345', 'weak'],
    ['password1234', 'weak'],
    ['clinic clinic clinic clinic', 'weak'],
    ['river lamp onion tractor', 'fair'],
    ['correct horse battery staple 42', 'fair'],
    ['river lamp onion tractor velvet', 'strong'],
  ] as const)('"%s" is %s', (passphrase, level) => {
    expect(passphraseStrength(passphrase).level).toBe(level);
  });

  it('never falls when a new word is added', () => {
    let before = -1;
    for (const passphrase of ['river', 'river lamp', 'river lamp onion', 'river lamp onion tractor']) {
      const { share } = passphraseStrength(passphrase);
      expect(share).toBeGreaterThan(before);
      before = share;
    }
  });
});
