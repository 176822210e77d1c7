import { expect, it } from 'vitest';
import { mlInWords } from './volumeInWords.ts';

it('gives small volumes enough figures and large ones no more than can be known', () => {
  expect([0, 0.0042, 0.0417, 0.4178, 0.996, 1.846, 12.44, 372.96, 1489.2].map(mlInWords)).toEqual([
    '0.0',
    '0.004',
    '0.042',
    '0.42',
    '1.00',
    '1.85',
    '12.4',
    '373.0',
    '1,489',
  ]);
});
