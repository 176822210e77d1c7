import { expect, it } from 'vitest';
import { drawn } from './gridDrawing.ts';
import { contactsOf, holesLeft } from './holesLeft.ts';
import { countLabels } from './layers.ts';
import { newSegment } from './segmentEdits.ts';

const [LIVER, LESION, CORE, SPLEEN] = [1, 2, 3, 4];

function holes(leftOut: readonly number[], ...layers: string[]): string[] {
  const labelmaps = layers.map((text) => drawn(text));
  const found = labelmaps.flatMap((labelmap, layer) => [...countLabels(labelmap)].map((entry) => [layer, ...entry]));
  const segments = found.map(([layer = 0, number = 0]) => ({ ...newSegment([]), number, layer }));
  const voxels = new Map(found.map(([, number = 0, count = 0]) => [number, count]));
  const contacts = contactsOf({ segments, layers: labelmaps });
  return holesLeft(contacts, voxels, new Set(leftOut)).map(
    (hole) => `${hole.leftOut} in ${hole.within}: ${hole.voxels}`,
  );
}

/** One slice, between two that are full. */
const around = (slice: string): string => {
  const full = slice.replace(/[^\s.]/g, '1');
  return [full, slice, full].join('\n\n');
};
const INSIDE = around(`
  1111111
  1122111
  1122111
  1111144
`);

it('a lesion in the liver leaves a hole in it', () => {
  expect(holes([LESION], INSIDE)).toEqual(['2 in 1: 4']);
});

it('what lies beside it leaves none, nor what stands at its rim or at the edge of the image', () => {
  expect(holes([SPLEEN], INSIDE)).toEqual([]);
  expect(holes([LESION], '11111\n11211\n11211\n.....')).toEqual([]);
});

it('a liver that is left out around its lesion leaves no hole', () => {
  expect(holes([LIVER], INSIDE)).toEqual([]);
  expect(holes([LIVER, LESION], INSIDE)).toEqual([]);
});

it('a lesion with its core leaves one hole, the core within it none in what is left out', () => {
  const both = around(`
    1111111
    1122211
    1123211
    1122211
    1111111
  `);
  expect(holes([CORE], both)).toEqual([]);
  expect(holes([LESION, CORE], both)).toEqual(['2 in 1: 8', '3 in 1: 1']);
});

it('what is larger than its shell is a cavity', () => {
  const full = '.1111.\n.1111.';
  expect(holes([LESION], `${full}\n\n122221\n122221\n\n${full}`)).toEqual([]);
});

it('a lesion in a layer of its own leaves none', () => {
  expect(holes([LESION], '111\n111\n111', '...\n.2.\n...')).toEqual([]);
});
