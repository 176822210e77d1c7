/** The phantom that the end-to-end tests work on, small so that they are quick, and its truth. LPS mm. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Vector3 } from '#core/geometry/points.ts';
import { indexPoint } from '#core/geometry/points.ts';
import { indexToWorld } from '#core/geometry/volumeGeometry.ts';
import { type Phantom, type PhantomOptions, phantomVolume } from '#core/phantom/phantomVolume.ts';

export const PHANTOM = { size: [128, 128, 60], spacingMm: [2.8, 2.8, 5] } as const satisfies PhantomOptions;
export const PHANTOM_NAME = /Demonstration.*Phantom|Phantom.*Demonstration/i;

export const phantomDicomFolder = (): string => join(inject('e2eFolder'), 'dicom');

export function copyEmptyVault(vaultFolder: string): void {
  cpSync(join(inject('e2eFolder'), 'empty'), vaultFolder, { recursive: true });
}

export function copyPhantomVault(vaultFolder: string): void {
  cpSync(join(inject('e2eFolder'), 'phantom'), vaultFolder, { recursive: true });
}

let phantom: Phantom | null = null;

export function phantomTruth(): Phantom {
  phantom ??= phantomVolume(PHANTOM);
  return phantom;
}

/** @returns the volume of a structure's solids, ml */
export function trueVolumeMl(name: string): number {
  const structure = phantomTruth().structures.find((each) => each.name === name);
  if (!structure) throw new Error(`the phantom has no ${name}`);
  return structure.analyticVolumeMl;
}

/**
 * The place deepest inside of a structure in a slice, found by peeling: the last voxel that is left.
 * @returns LPS mm, and how far from there the structure goes on at least, in its slice
 */
export function deepInside(name: string, slice: number): { readonly pointLps: Vector3; readonly radiusMm: number } {
  const { truth, structures, volume } = phantomTruth();
  const number = structures.find((each) => each.name === name)?.number ?? 0;
  const [columns, rows] = PHANTOM.size;
  const isIn = (i: number, j: number) =>
    i >= 0 && j >= 0 && i < columns && j < rows && truth.voxels[i + columns * (j + rows * slice)] === number;
  let best = { i: 0, j: 0, radius: 0 };
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      let radius = 0;
      while (isRingIn(isIn, i, j, radius)) radius++;
      if (radius > best.radius) best = { i, j, radius };
    }
  }
  if (best.radius === 0) throw new Error(`${name} does not cross slice ${slice}`);
  const [x, y, z] = indexToWorld(volume.geometry, indexPoint(best.i, best.j, slice));
  return { pointLps: [x, y, z], radiusMm: (best.radius - 1) * PHANTOM.spacingMm[0] };
}

/** Whether all voxels at this distance lie inside; distance 0 is the voxel itself. */
function isRingIn(isIn: (i: number, j: number) => boolean, i: number, j: number, radius: number): boolean {
  for (let n = 0; n < 32; n++) {
    const turn = (2 * Math.PI * n) / 32;
    if (!isIn(Math.round(i + radius * Math.cos(turn)), Math.round(j + radius * Math.sin(turn)))) return false;
  }
  return true;
}
