import { expect, test } from 'vitest';
import { drawText, textSize } from './bitmapFont.ts';
import { blankImage } from './rgbaImage.ts';

/** The text's own pixels, without the rim, as a grid. */
function grid(text: string): string[] {
  const [width, height] = textSize(text, 1);
  const image = blankImage(width, height, [90, 90, 90]);
  drawText(image, text, 0, 0, 1, [255, 255, 255]);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (image.rgba[4 * (y * width + x)] === 255 ? '#' : '.')).join(''),
  );
}

test('writes capitals and small letters as what they are', () => {
  expect(grid('Cl')).toEqual([
    '.###...##..',
    '#...#...#..',
    '#.......#..',
    '#.......#..',
    '#.......#..',
    '#...#...#..',
    '.###...###.',
  ]);
  expect(grid('cm')).toEqual([
    '...........',
    '...........',
    '.###..##.#.',
    '#.....#.#.#',
    '#.....#.#.#',
    '#...#.#...#',
    '.###..#...#',
  ]);
});

test('has every letter, and no two look alike', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/.,-+:%()'];
  const drawn = letters.map((letter) => grid(letter).join('\n'));
  for (const [n, picture] of drawn.entries()) expect(picture, letters[n]).toContain('#');
  expect(new Set(drawn).size).toBe(letters.length);
});
