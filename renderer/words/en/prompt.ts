/** English: segmenting what a person points at. */
export const prompt = {
  label: 'Smart click',
  hint: 'Smart click: click inside, Alt or Shift click outside, drag a box; Enter keeps, P through slices, Backspace takes the last one back, Esc cancels',
} as const;
