import { expect, it } from 'vitest';
import type { Segment } from './segment.ts';
import { newSegment } from './segmentEdits.ts';

const named = (...names: string[]): Segment[] =>
  names.map((name, n) => ({ ...newSegment([]), name, number: n === 0 ? 16 : n }));

it('a segment is called by its place among those that are there, not by its number', () => {
  expect(newSegment([]).name).toBe('Segment 1');
  expect(newSegment(named('Liver', 'Spleen', 'Stomach'))).toMatchObject({ name: 'Segment 4', number: 17 });
});

it('a name that is taken is passed over', () => {
  expect(newSegment(named('Segment 2')).name).toBe('Segment 3');
  expect(newSegment(named('Segment 4', 'Segment 5', 'Liver')).name).toBe('Segment 6');
});
