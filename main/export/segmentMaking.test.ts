import { expect, it } from 'vitest';
import { segmentMaking } from './segmentMaking.ts';

it.each([
  ['model', {}, 'AUTOMATIC', 'proposed by the model'],
  ['model', { '2': ['brush'] }, 'AUTOMATIC', 'proposed by the model'],
  ['model', { '1': ['brush'] }, 'SEMIAUTOMATIC', 'proposed by the model, changed since'],
  ['model', null, 'SEMIAUTOMATIC', 'proposed by the model, changed since'],
  ['preset', { '1': ['operation/ctBone'] }, 'SEMIAUTOMATIC', 'threshold'],
  ['preset', { '1': ['erase', 'operation/ctBone'] }, 'SEMIAUTOMATIC', 'threshold, corrected by hand'],
  ['manual', {}, 'MANUAL', 'drawn by hand'],
  ['manual', { '1': ['brush', 'erase'] }, 'MANUAL', 'drawn by hand'],
  ['manual', { '1': ['operation/threshold'] }, 'SEMIAUTOMATIC', 'threshold'],
  ['manual', { '1': ['brush', 'operation/threshold'] }, 'SEMIAUTOMATIC', 'drawn by hand and with computed steps'],
  ['manual', null, 'SEMIAUTOMATIC', 'drawn by hand and with computed steps'],
] as const)('a segment of origin %s with edits %j is %s: %s', (origin, codes, algorithmType, words) => {
  expect(segmentMaking({ number: 1, origin }, codes)).toEqual({ algorithmType, words });
});

const pointed = [{ trace: [{ step: 'prompt', points: [], boxLps: null }] }];
const AS_IT_CAME = 'outlined by the model where a person pointed';

it.each([
  ['model', {}, AS_IT_CAME],
  ['model', { '1': ['brush'] }, `${AS_IT_CAME}, changed by hand`],
  ['model', null, `${AS_IT_CAME}, changed by hand`],
  ['manual', { '1': ['prompt/keep'] }, AS_IT_CAME],
  ['manual', { '1': ['brush', 'prompt/keep'] }, `${AS_IT_CAME}, changed by hand`],
  ['manual', null, `${AS_IT_CAME}, changed by hand`],
] as const)('of origin %s with edits %j, pointed at, it is %s', (origin, codes, words) => {
  expect(segmentMaking({ number: 1, origin }, codes, pointed)).toEqual({ algorithmType: 'SEMIAUTOMATIC', words });
});

it('calls nothing drawn by hand that an outline of a model took voxels from', () => {
  expect(segmentMaking({ number: 1, origin: 'manual' }, { '1': ['brush', 'prompt/keep'] })).toMatchObject({
    algorithmType: 'SEMIAUTOMATIC',
  });
});
