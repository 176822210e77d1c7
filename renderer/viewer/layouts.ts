/** How the views can be arranged, by name and as a grid. Names: words/en/viewer.ts. */
import { words } from '../words/index.ts';
import { type Layout, VIEW_IDS, type ViewId } from './viewerStore.ts';

export interface NamedLayout {
  readonly id: string;
  readonly name: string;
  readonly layout: Layout;
}

const { layouts: w } = words.viewer;

export const LAYOUTS: readonly NamedLayout[] = [
  { id: 'four', name: w.four, layout: { arrangement: 'four', main: 'axial' } },
  { id: 'slices', name: w.slices, layout: { arrangement: 'slices', main: 'axial' } },
  ...(['volume', 'axial', 'coronal', 'sagittal'] as const).map((main) => ({
    id: `focus-${main}`,
    name: w.focus[main],
    layout: { arrangement: 'focus', main } as const,
  })),
];

/** @returns the views in the order of the grid; the others are hidden */
export function viewsOf({ arrangement, main }: Layout): readonly ViewId[] {
  switch (arrangement) {
    case 'four':
      return VIEW_IDS;
    case 'slices':
      return ['axial', 'coronal', 'sagittal'];
    case 'single':
      return [main];
    case 'focus':
      return [main, ...(['axial', 'coronal', 'sagittal', 'volume'] as const).filter((view) => view !== main)];
  }
}

export function isSameLayout(a: Layout, b: Layout): boolean {
  return (
    a.arrangement === b.arrangement && (a.main === b.main || a.arrangement === 'four' || a.arrangement === 'slices')
  );
}
