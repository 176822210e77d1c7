/** All operations, in the order of the menu. A new one is a file beside this and a line here. */
import { combine } from './combine.ts';
import { ctBone } from './ctBone.ts';
import { fillBetweenSlices } from './fillBetweenSlices.ts';
import { fillHoles } from './fillHoles.ts';
import { keepLargestIsland } from './keepLargestIsland.ts';
import { margin } from './margin.ts';
import type { Operation } from './operation.ts';
import { removeSmallIslands } from './removeSmallIslands.ts';
import { smooth } from './smooth.ts';
import { threshold } from './threshold.ts';

export const operations: readonly Operation[] = [
  threshold,
  ctBone,
  keepLargestIsland,
  removeSmallIslands,
  fillHoles,
  margin,
  smooth,
  combine,
  fillBetweenSlices,
];
