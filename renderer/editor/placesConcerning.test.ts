import { expect, test } from 'vitest';
import { placesConcerning } from './placesConcerning.ts';

const names = ['Background', 'Liver', 'Spleen'];
const place = (...values: number[]) => ({
  ...{ centreLps: [0, 0, 0] as [number, number, number], doubtMl: 1, peak: 1, voxels: 9 },
  classes: values.map((value) => ({ value, name: names[value] ?? '' })),
});
const places = [place(1, 0), place(2, 1), place(0, 2), place(0)];
const listed = (...segments: { number: number; origin: 'model' | 'manual' }[]) =>
  placesConcerning(places, segments).map(({ index }) => index);

test('lists all places while all segments are there', () => {
  expect(listed({ number: 1, origin: 'model' }, { number: 2, origin: 'model' })).toEqual([0, 1, 2, 3]);
});

test('keeps a place of two classes as long as one of them is there, and one of the background alone', () => {
  expect(listed({ number: 1, origin: 'model' })).toEqual([0, 1, 3]);
  expect(listed({ number: 2, origin: 'model' })).toEqual([1, 2, 3]);
});

test('does not take a segment that a person added for the one whose number it was given', () => {
  expect(listed({ number: 1, origin: 'model' }, { number: 2, origin: 'manual' })).toEqual([0, 1, 3]);
});
