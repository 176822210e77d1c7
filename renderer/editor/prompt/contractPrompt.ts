/** What a person pointed at, as the contract has it: of one slice for its mask, of all slices for the way through them. LPS mm. */
import type { Prompt } from '#contract/schemas/prompt.ts';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { planeAxes } from '#core/geometry/anatomicalAxes.ts';
import type { WorldPoint } from '#core/geometry/points.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { useViewer } from '../../viewer/viewerStore.ts';
import type { PromptState } from './promptStore.ts';

/** @param index only what lies in this slice; null: all of it */
export function contractPrompt(
  { plane, points, box }: Pick<PromptState, 'plane' | 'points' | 'box'>,
  index: number | null,
): Prompt {
  const isIn = (one: { readonly index: number }): boolean => index === null || one.index === index;
  const corners = box !== null && isIn(box) ? box.cornersLps : null;
  return {
    points: points.filter(isIn).map(({ pointLps, inside }) => ({ pointLps: written(pointLps), inside })),
    boxLps: corners && [written(corners[0]), written(corners[1])],
    plane,
  };
}

/** Whether it says where the structure is, and not only where it is not. */
export function isAskable({ points, boxLps }: Prompt): boolean {
  return boxLps !== null || points.some(({ inside }) => inside);
}

/** @returns voxel index along the plane's through axis */
export function sliceIndexOf(plane: Plane, pointLps: WorldPoint): number {
  const { volume } = useViewer.getState();
  if (volume === null) throw new Error('a prompt without an image');
  return Math.round(worldToIndex(volume.geometry, pointLps)[planeAxes(volume.geometry, plane).through.axis]);
}

function written([x, y, z]: WorldPoint): [number, number, number] {
  return [x, y, z];
}
