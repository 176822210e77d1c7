import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DoubtMeasure, doubtMeasure, doubtScratch, measureDoubt } from './measureDoubt.ts';
import { testManifest } from './testManifest.ts';

function doubtOf(values: readonly (readonly number[])[], measure: DoubtMeasure): number[] {
  const count = values[0]?.length ?? 0;
  const doubt = new Uint8Array(count);
  measureDoubt(
    values.map((v) => Float32Array.from(v)),
    measure,
    doubtScratch(count),
    doubt,
  );
  return [...doubt];
}

const binary = (p: number): number => (p <= 0 || p >= 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p)));
const SCORES: DoubtMeasure = { planes: 'scores', areExclusive: true };
const PROBABILITIES: DoubtMeasure = { planes: 'probabilities', areExclusive: true };

describe('the doubt of classes that exclude one another', () => {
  it('is 1 where all are equally likely, and 0 where one is certain', () => {
    expect(
      doubtOf(
        [
          [3, 40],
          [3, 0],
          [3, 0],
        ],
        SCORES,
      ),
    ).toEqual([255, 0]);
    expect(
      doubtOf(
        [
          [1 / 3, 1],
          [1 / 3, 0],
          [1 / 3, 0],
        ],
        PROBABILITIES,
      ),
    ).toEqual([255, 0]);
  });

  it('is ln 2 ÷ ln 3 between two of three', () => {
    expect(doubtOf([[9], [9], [-90]], SCORES)).toEqual([Math.round((255 * Math.LN2) / Math.log(3))]);
  });

  it('equals the entropy written out, within a step, from scores and from probabilities', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -15, max: 15, noNaN: true }), { minLength: 2, maxLength: 20 }),
        fc.double({ min: -1000, max: 1000, noNaN: true }),
        (scores, shift) => {
          const exps = scores.map((s) => Math.exp(s));
          const sum = exps.reduce((a, b) => a + b);
          const probabilities = exps.map((e) => e / sum);
          const entropy =
            -probabilities.reduce((h, p) => h + (p > 0 ? p * Math.log(p) : 0), 0) / Math.log(scores.length);
          const [fromScores = -1] = doubtOf(
            scores.map((s) => [s + shift]),
            SCORES,
          );
          const [fromProbabilities = -1] = doubtOf(
            probabilities.map((p) => [p]),
            PROBABILITIES,
          );
          expect(Math.abs(fromScores - 255 * entropy)).toBeLessThan(1.1);
          expect(Math.abs(fromProbabilities - 255 * entropy)).toBeLessThan(1.1);
        },
      ),
    );
  });

  it('is refused where the numbers add up to something else than 1', () => {
    for (const numbers of [
      [[0.5], [0.2]],
      [[4], [-3]],
      [[1.5], [-0.5]],
    ]) {
      expect(() => doubtOf(numbers, PROBABILITIES)).toThrow(
        expect.objectContaining({ code: 'model/no-probabilities' }),
      );
    }
  });
});

describe('the doubt of classes that may overlap', () => {
  it('is that of the class most in doubt', () => {
    const scores: DoubtMeasure = { planes: 'scores', areExclusive: false };
    const logit = (p: number): number => Math.log(p / (1 - p));
    expect(
      doubtOf(
        [
          [logit(0.99), 50],
          [logit(0.3), -50],
        ],
        scores,
      ),
    ).toEqual([Math.round(255 * binary(0.3)), 0]);
    const probabilities: DoubtMeasure = { planes: 'probabilities', areExclusive: false };
    expect(
      doubtOf(
        [
          [0.99, 1],
          [0.3, 0],
        ],
        probabilities,
      ),
    ).toEqual([Math.round(255 * binary(0.3)), 0]);
  });
});

describe('what is measured', () => {
  const of = (activation: 'none' | 'softmax' | 'sigmoid', areAveraged = false) => {
    const { output, classes } = testManifest({ output: { activation } });
    return doubtMeasure(output, classes, areAveraged);
  };

  it('follows the activation, and probabilities once several answers were averaged', () => {
    expect(of('softmax')).toEqual({ planes: 'scores', areExclusive: true });
    expect(of('none')).toEqual({ planes: 'probabilities', areExclusive: true });
    expect(of('sigmoid')).toEqual({ planes: 'scores', areExclusive: false });
    expect(of('sigmoid', true)).toEqual({ planes: 'probabilities', areExclusive: false });
  });

  it('has no meaning for one class that excludes nothing', () => {
    const { output, classes } = testManifest({});
    expect(() => doubtMeasure(output, classes.slice(0, 1), false)).toThrow(
      expect.objectContaining({ code: 'model/no-probabilities' }),
    );
  });
});
