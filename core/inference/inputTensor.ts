/**
 * The form of what a network reads: which planes its channels are, of which series, and the tensor's dims. Order of channels: those of the
 * manifest, each with its neighbouring slices in the order of k. Next: WindowLooks.ts, which cuts windows of that form.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { ModelInput } from './modelManifest.ts';

/** Names of the series that are read, each once, in the order of the channels. */
export function seriesNames({ channels }: Pick<ModelInput, 'channels'>): string[] {
  return [...new Set(channels.map(({ name }) => name))];
}

/** How many channels the tensor has. */
export function tensorChannels({ channels, neighbours = 0 }: Pick<ModelInput, 'channels' | 'neighbours'>): number {
  return channels.length * (2 * neighbours + 1);
}

/** @param size of a window, i, j, k @returns [1, channels, k, j, i], of two dimensions [1, channels, j, i] */
export function inputDims(input: ModelInput, [ni, nj, nk]: Vector3): number[] {
  return input.dimensions === 2 ? [1, tensorChannels(input), nj, ni] : [1, tensorChannels(input), nk, nj, ni];
}

/** @returns [1, classes, k, j, i], of two dimensions [1, classes, j, i] */
export function scoreDims(input: ModelInput, classes: number, [ni, nj, nk]: Vector3): number[] {
  return input.dimensions === 2 ? [1, classes, nj, ni] : [1, classes, nk, nj, ni];
}
