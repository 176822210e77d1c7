/** How long a passphrase would resist, as a bar and in words. */
import { Progress } from '@mantine/core';
import { words } from '../words/index.ts';
import classes from './gate.module.css';
import { passphraseStrength } from './passphraseStrength.ts';

const colors = { 'too-short': 'danger', weak: 'danger', fair: 'yellow', strong: 'accept' } as const;

export function StrengthHint({ passphrase }: { readonly passphrase: string }) {
  const { level, share } = passphraseStrength(passphrase);
  return (
    <div className={classes['strength']}>
      <Progress value={100 * share} color={colors[level]} size={4} aria-label={words.app.strength.label} />
      <span role="status">{passphrase === '' ? words.app.strength.example : words.app.strength[level]}</span>
    </div>
  );
}
