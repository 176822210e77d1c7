/**
 * The way back of an instance: which voxels of the series' own grid it fills. Probabilities are interpolated where the spacing was changed
 * (as LabelWriter does with scores); a slice in which the instance was not found counts as 0. Next: layInstances.ts.
 */
import type { AxisLookup, AxisLookups } from '../axisLookup.ts';
import { isIdentity, sourceStrides } from '../orient.ts';
import type { OrientRecord } from '../trace.ts';
import { type Instance, probabilityAt } from './linkFindings.ts';
import type { Finding } from './readFindings.ts';

/** Voxels of an array as runs: first offset, number of voxels, first offset, … ascending, without touching one another. */
export type VoxelRuns = Uint32Array;

/**
 * @param axes of the oriented series, i, j, k (axisLookup.ts)
 * @returns runs in the series' own array; empty when resampling left nothing
 */
export function placeInstance(
  { findings }: Instance,
  orient: OrientRecord,
  axes: AxisLookups,
  threshold: number,
): VoxelRuns {
  const bySlice = new Map(findings.map((finding) => [finding.k, finding]));
  const first = ([0, 1] as const).map((a) => Math.min(...findings.map((f) => f.start[a])));
  const end = ([0, 1] as const).map((a) => Math.max(...findings.map((f) => f.start[a] + f.size[a])));
  const [alongI, alongJ, alongK] = axes;
  const is = indicesBetween(alongI, first[0] ?? 0, (end[0] ?? 0) - 1);
  const js = indicesBetween(alongJ, first[1] ?? 0, (end[1] ?? 0) - 1);
  const ks = indicesBetween(alongK, findings[0]?.k ?? 0, findings.at(-1)?.k ?? 0);
  const { start, strides } = sourceStrides(orient);
  const offsets: number[] = [];
  for (const k of ks) {
    const lower = bySlice.get(alongK.lower[k]!);
    const upper = bySlice.get(alongK.upper[k]!);
    const fraction = alongK.fraction[k]!;
    for (const j of js) {
      for (const i of is) {
        const low = lower ? sample(lower, alongI, alongJ, i, j) : 0;
        const p = fraction === 0 ? low : low + fraction * ((upper ? sample(upper, alongI, alongJ, i, j) : 0) - low);
        if (p > threshold) offsets.push(start + i * strides[0] + j * strides[1] + k * strides[2]);
      }
    }
  }
  const sorted = Uint32Array.from(offsets);
  if (!isIdentity(orient)) sorted.sort();
  return runsOf(sorted);
}

/** Indices of the oriented series whose lookup touches first … last of the network's grid. */
function indicesBetween({ lower, upper }: AxisLookup, first: number, last: number): number[] {
  const found: number[] = [];
  for (let n = 0; n < lower.length; n++) {
    if (lower[n] !== -1 && upper[n]! >= first && lower[n]! <= last) found.push(n);
  }
  return found;
}

function sample(finding: Finding, alongI: AxisLookup, alongJ: AxisLookup, i: number, j: number): number {
  const fi = alongI.fraction[i]!;
  const fj = alongJ.fraction[j]!;
  const row = (y: number): number => {
    const a = probabilityAt(finding, alongI.lower[i]!, y);
    return fi === 0 ? a : a + fi * (probabilityAt(finding, alongI.upper[i]!, y) - a);
  };
  const low = row(alongJ.lower[j]!);
  return fj === 0 ? low : low + fj * (row(alongJ.upper[j]!) - low);
}

/** @param offsets ascending */
export function runsOf(offsets: Uint32Array): VoxelRuns {
  const runs: number[] = [];
  for (let n = 0; n < offsets.length; ) {
    const first = offsets[n]!;
    let count = 1;
    while (offsets[n + count] === first + count) count++;
    runs.push(first, count);
    n += count;
  }
  return Uint32Array.from(runs);
}
