/**
 * From a network's numbers to probabilities, in place, one window at a time. Needed where several answers are averaged: the mean of
 * probabilities, never of scores, whose scale differs from network to network.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Activation } from './modelManifest.ts';

/** How far from 1 the sum over the classes may lie: half precision and interpolation move it a little. */
export const SUM_TOLERANCE = 0.02;

/**
 * @param scores [class, voxel] @param classes how many @param areExclusive the classes' probabilities add up to 1
 * @throws model/no-probabilities where `activation` is 'none' and the numbers are none
 */
export function activate(scores: Float32Array, classes: number, activation: Activation, areExclusive: boolean): void {
  switch (activation) {
    case 'softmax':
      softmax(scores, classes);
      break;
    case 'sigmoid':
      for (let n = 0; n < scores.length; n++) scores[n] = 1 / (1 + Math.exp(-scores[n]!));
      break;
    case 'none':
      checkProbabilities(scores, classes, areExclusive);
  }
}

function softmax(scores: Float32Array, classes: number): void {
  const count = scores.length / classes;
  for (let n = 0; n < count; n++) {
    let top = scores[n]!;
    for (let at = n + count; at < scores.length; at += count) if (scores[at]! > top) top = scores[at]!;
    let sum = 0;
    for (let at = n; at < scores.length; at += count) {
      const e = Math.exp(scores[at]! - top);
      scores[at] = e;
      sum += e;
    }
    for (let at = n; at < scores.length; at += count) scores[at]! /= sum;
  }
}

function checkProbabilities(scores: Float32Array, classes: number, areExclusive: boolean): void {
  const count = scores.length / classes;
  for (let n = 0; n < count; n++) {
    let sum = 0;
    for (let at = n; at < scores.length; at += count) {
      const p = scores[at]!;
      if (p < -SUM_TOLERANCE || p > 1 + SUM_TOLERANCE) throw noProbabilities();
      sum += p;
    }
    if (areExclusive && Math.abs(sum - 1) > SUM_TOLERANCE) throw noProbabilities();
  }
}

export function noProbabilities(): LanternError {
  return new LanternError(
    'model/no-probabilities',
    'This network answers with numbers that are no probabilities, and its manifest does not say how they become such.',
    'Run it without uncertainty, flips and ensembles, or ask its maker for the activation (softmax or sigmoid).',
  );
}
