/** English: segmenting what a person points at. */
export const prompt = {
  label: 'Smart click',
  hint: 'Smart click: click inside, Alt or Shift click outside, drag a box; Enter keeps, P goes through the slices, Esc clears',
  how: 'Click inside of the structure, or drag a box around it. Correct with more clicks: Alt or Shift click where it must not go; click a point again to take it away.',
  looking: 'Looking at the slice …',
  needsInside: 'Click once inside of the structure, too.',
  areaMm2: (mm2: string) => `${mm2} mm²`,
  areaCm2: (cm2: string) => `${cm2} cm²`,
  slices: (count: number) => `in ${count} slices`,
  sureness: (percent: number) => `outline ${percent} % sure`,
  into: (name: string) => `Enter adds it to ${name}.`,
  intoNew: 'Enter adds it to a new segment.',
  keep: 'Keep',
  through: 'Through slices',
  throughHint: 'Follows the structure up and down; the result is a proposal of its own',
  throughInto: 'Through slices makes a proposal; accepted, it is a segmentation of its own.',
  clear: 'Clear',
  cancel: 'Cancel',
  cancelLabel: 'Cancel the way through the slices',
  following: (phase: string, done: number, total: number) =>
    total > 0 ? `Through the slices: ${done} of ${total}` : phase || 'Through the slices …',
  progress: 'Progress through the slices',
  nothingNew: {
    message: 'There was nothing to add: the segment has these voxels, or others hold them.',
    hint: 'Choose another segment, or let others be overwritten below.',
  },
} as const;
