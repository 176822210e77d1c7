import { describe, expect, it } from 'vitest';
import { agreementOf, answerWithRegion } from './answerAndRegion.ts';
import { answerOnSlice, maskAsAnswer } from './networkFrame.ts';
import { pixelsWhere } from './sliceMask.ts';
import { testOrganSlice } from './testOrganSlice.ts';

const slice = testOrganSlice();
const left = pixelsWhere(slice.values, (_, o) => o % slice.width < 45);

describe('an answer and a region', () => {
  it('agree by what they share, however sure the answer is', () => {
    const sure = maskAsAnswer(slice, slice.organ);
    const half = slice.organ.map((inside, o) => inside & left[o]!);
    for (const scores of [sure, sure.map((score) => score / 80)]) {
      expect(agreementOf(slice, scores, slice.organ)).toBe(1);
      expect(agreementOf(slice, scores, half)).toBeCloseTo(2 / 3, 1);
    }
    expect(agreementOf(slice, sure.fill(-1), new Uint8Array(left.length))).toBe(0);
  });

  it.each([
    ['is sure', 8, [6, 0, 0, -6]],
    ['is just sure', 3, [6, 0, 0, -6]],
    ['is not', 1, [4, -2, 2, -4]],
  ])('leave open where they differ, or follow the region, by whether the answer %s', (_, sureness, expected) => {
    const scores = maskAsAnswer(slice, slice.organ).map((score) => sureness * Math.sign(score));
    const shown = answerOnSlice(slice, answerWithRegion(slice, scores, left));
    const [both, onlyAnswer, onlyRegion, neither] = [30, 60, 5, 110];
    expect([both, onlyAnswer, onlyRegion, neither].map((x) => shown[x + slice.width * 45])).toEqual(expected);
  });
});
