/**
 * How a pack's golden case is run: its cube as a volume that lies as the manifest says, and the manifest with nothing but the network's
 * own size left to prepare. A network of two dimensions reads the cube slice by slice.
 */
import { type Vector3, worldPoint } from '#core/geometry/points.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { modelInputs } from '#core/onnx/valueShape.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { GoldenCase } from './goldenCase.ts';

/** i, j, k that the network insists on (k = 1 for slices); null where it takes any of one of them. */
export function fixedSize(model: ModelProto, { dimensions = 3 }: ModelManifest['input']): Vector3 | null {
  const dims = modelInputs(model)[0]?.dims?.map((d) => (d === null ? null : Number(d))) ?? [];
  const [i, j, k] = dims.slice(-dimensions).reverse();
  if (dimensions === 2) return i && j ? [i, j, 1] : null;
  return k && j && i ? [i, j, k] : null;
}

/** @returns the grid that the network reads it on; null where it can't: a golden case is one cube of one series, with one class a voxel */
export function goldenGrid({ side }: GoldenCase, { input, output }: ModelManifest, model: ModelProto): Vector3 | null {
  if (output.overlapping) return null;
  const grid: Vector3 = [side, side, input.dimensions === 2 ? 1 : side];
  const fits = fixedSize(model, input)?.every((n, axis) => n === grid[axis]) ?? true;
  return fits && input.channels.length === 1 ? grid : null;
}

/** @param normalisation null: the pack's own */
export function reducedManifest(
  { cascade: _, ...manifest }: ModelManifest,
  grid: Vector3,
  normalisation: ModelManifest['input']['normalisation'] | null,
): ModelManifest {
  const own = normalisation ? { normalisation, channels: manifest.input.channels.map(({ name }) => ({ name })) } : {};
  return {
    ...manifest,
    modality: 'any',
    input: { ...manifest.input, ...own, spacingMm: null, grid, multipleOf: 1 },
    window: { size: null, overlap: 0, blending: 'constant' },
    peakMemoryMb: null,
  };
}

/** The cube as the network reads it, lying as its manifest says. */
export function goldenVolume({ side, input }: GoldenCase, manifest: ModelManifest): Volume {
  const axis = (letter: string): Vector3 => AXES[letter] ?? [1, 0, 0];
  const [i = '', j = '', k = ''] = manifest.input.orientation;
  return {
    geometry: {
      size: [side, side, side],
      spacingMm: [1, 1, 1],
      originLps: worldPoint(0, 0, 0),
      direction: [axis(i), axis(j), axis(k)],
    },
    scalars: input,
  };
}

/** Where each letter grows to, LPS. */
const AXES: Readonly<Record<string, Vector3>> = {
  L: [1, 0, 0],
  R: [-1, 0, 0],
  P: [0, 1, 0],
  A: [0, -1, 0],
  S: [0, 0, 1],
  I: [0, 0, -1],
};
