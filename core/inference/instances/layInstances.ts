/**
 * Instances onto layers: those that overlap lie on different ones, so that each keeps all of its voxels. The surest are laid first, each on
 * the first layer that has room for it.
 */
import type { Vector3 } from '../../geometry/points.ts';
import type { Labelmap } from '../../segmentation/labelmap.ts';
import type { VoxelRuns } from './placeInstance.ts';

/** More than these lie on one another only where a network is lost. */
const MOST_LAYERS = 12;
/** A list that nobody reads to its end. */
const MOST_INSTANCES = 500;

export interface LaidInstances {
  readonly layers: readonly [Labelmap, ...Labelmap[]];
  /** By instance, in the order given, its layer; null where there was no room for it. Its label on the layer is its place in the list + 1. */
  readonly layerOf: readonly (number | null)[];
}

/** @param instances the surest first; runs in the array of `size` */
export function layInstances(instances: readonly { readonly runs: VoxelRuns }[], size: Vector3): LaidInstances {
  const Type = instances.length > 255 ? Uint16Array : Uint8Array;
  const empty = (): Labelmap['voxels'] => new Type(size[0] * size[1] * size[2]);
  const layers = [empty()];
  const layerOf = instances.map(({ runs }, n): number | null => {
    if (n >= MOST_INSTANCES || runs.length === 0) return null;
    let at = layers.findIndex((voxels) => isFree(voxels, runs));
    if (at === -1) {
      if (layers.length === MOST_LAYERS) return null;
      at = layers.push(empty()) - 1;
    }
    const voxels = layers[at]!;
    for (let r = 0; r < runs.length; r += 2) voxels.fill(n + 1, runs[r]!, runs[r]! + runs[r + 1]!);
    return at;
  });
  const [first, ...others] = layers.map((voxels): Labelmap => ({ size, voxels }));
  if (!first) throw new Error('there is always a layer');
  return { layers: [first, ...others], layerOf };
}

function isFree(voxels: Labelmap['voxels'], runs: VoxelRuns): boolean {
  for (let r = 0; r < runs.length; r += 2) {
    for (let n = runs[r]!; n < runs[r]! + runs[r + 1]!; n++) if (voxels[n] !== 0) return false;
  }
  return true;
}
