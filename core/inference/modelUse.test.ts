import { expect, it } from 'vitest';
import { modelUse } from './modelUse.ts';

it.each([
  [true, 'Shows how a network proposes organs.', 'demonstration'],
  [false, 'Research only: grey and white matter in T1-weighted MR.', 'research'],
  [false, 'Not stated by its makers. Not for diagnosis.', 'research'],
  [false, 'Volumes of the hippocampus, checked by a radiologist.', 'stated'],
] as const)('demonstration %s, “%s”: %s', (demonstrationOnly, intendedUse, use) => {
  expect(modelUse({ demonstrationOnly, intendedUse })).toBe(use);
});
