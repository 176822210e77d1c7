import { expect, it } from 'vitest';
import { brainTerm } from './brainTerms.ts';

it.each([
  ['White Matter', 'White matter', '389080008', undefined],
  ['Thalamus-Proper*', 'Thalamus', '42695009', undefined],
  ['Left-Thalamus-Proper*', 'Thalamus, left', '42695009', 'Left'],
  ['Right-Inf-Lat-Vent', 'Inferior lateral ventricle, right', '53118009', 'Right'],
  ['ctx-rh-insula', 'Insula, right', '36169008', 'Right'],
  ['CC_Posterior / CC_Central / CC_Anterior', 'Corpus callosum', '88442005', undefined],
  ['Accumbens-area', 'Nucleus accumbens', '427667007', undefined],
])('%s is %s', (name, words, code, side) => {
  const term = brainTerm(name);
  expect(term?.name).toBe(words);
  expect(term?.codes.type.value).toBe(code);
  expect(term?.codes.modifier?.meaning).toBe(side);
  expect(term?.isPartOfCode).toBe(false);
});

it('codes a part of the cortex as the cortex, and says that it did', () => {
  const term = brainTerm('ctx-lh-superiorfrontal');
  expect(term?.name).toBe('Superior frontal cortex, left');
  expect(term?.codes.type.meaning).toBe('Cerebral cortex');
  expect(term?.isPartOfCode).toBe(true);
});

it('guesses nothing', () => {
  expect(brainTerm('Unknown')).toBeNull();
  expect(brainTerm('ctx-lh-somewhere')).toBeNull();
  expect(brainTerm('Caudate / Putamen')).toBeNull();
});
