import { expect, it } from 'vitest';
import { networkLabels } from './networkLabels.ts';

const files = (documents: Readonly<Record<string, unknown>>) => new Map(Object.entries(documents));

it('takes names from labels.json and colours from the map that has as many', () => {
  const found = networkLabels(
    files({
      'labels.json': { 0: 'background', 1: 'White Matter', 2: 'Grey Matter' },
      'colormap.json': { R: [0, 255], G: [0, 0], B: [0, 0], labels: ['background', 'brain'] },
      'colormap3.json': { R: [0, 255, 205], G: [0, 255, 62], B: [0, 255, 78] },
    }),
    3,
  );
  expect(found?.[2]).toEqual({ name: 'Grey Matter', color: '#cd3e4e' });
  expect(found?.[0]?.color).toBeNull();
});

it('takes names from a map where there is no labels.json, and colours from a table', () => {
  const map = { R: [0, 255], G: [0, 255], B: [0, 255], labels: ['background', 'brain mask'] };
  expect(networkLabels(files({ 'colormap.json': map }), 2)?.[1]).toEqual({ name: 'brain mask', color: '#ffffff' });
  const table = { 'labels.json': { 0: 'BG', 1: 'CSF' }, 'colorLUT.json': { 0: 'rgb(0,0,0)', 1: 'rgb(60, 60,60)' } };
  expect(networkLabels(files(table), 2)?.[1]).toEqual({ name: 'CSF', color: '#3c3c3c' });
});

it('takes nothing that is for another network', () => {
  expect(networkLabels(files({ 'labels.json': { 0: 'BG', 1: 'CSF' }, 'colors.json': 'x' }), 3)).toBeNull();
});
