/**
 * From findings in slices to things in three dimensions: findings of one class in neighbouring slices are one instance when they overlap
 * enough. The best pairs are taken first; an instance has one finding in a slice at most, and ends where a slice has none.
 * Next: placeInstance.ts.
 */
import type { Finding } from './readFindings.ts';

export interface Instance {
  readonly label: number;
  /** The highest of its findings'. */
  readonly score: number;
  /** In the order of k, without a gap. */
  readonly findings: readonly Finding[];
}

interface Growing {
  readonly label: number;
  score: number;
  readonly findings: Finding[];
}

/**
 * @param slices by k
 * @param threshold a pixel above it belongs to a finding
 * @param leastOverlap intersection over union
 * @returns the highest scores first; of equal ones, what begins first
 */
export function linkFindings(
  slices: readonly (readonly Finding[])[],
  threshold: number,
  leastOverlap: number,
): Instance[] {
  const all: Growing[] = [];
  let before: Growing[] = [];
  for (const findings of slices) {
    const continued = continuedBy(before, findings, threshold, leastOverlap);
    before = findings.map((finding, m) => {
      const instance = continued.get(m) ?? { label: finding.label, score: 0, findings: [] };
      if (instance.findings.length === 0) all.push(instance);
      instance.score = Math.max(instance.score, finding.score);
      instance.findings.push(finding);
      return instance;
    });
  }
  return all.sort((a, b) => b.score - a.score);
}

/** @returns by finding the instance that it goes on with */
function continuedBy(
  before: readonly Growing[],
  findings: readonly Finding[],
  threshold: number,
  leastOverlap: number,
): Map<number, Growing> {
  const pairs = before.flatMap((instance, n) =>
    findings.flatMap((finding, m) => {
      const last = instance.findings.at(-1);
      if (!last || last.label !== finding.label) return [];
      const overlap = overlapOf(last, finding, threshold);
      return overlap >= leastOverlap ? [{ overlap, n, m, instance }] : [];
    }),
  );
  pairs.sort((a, b) => b.overlap - a.overlap || a.n - b.n || a.m - b.m);
  const taken = new Set<number>();
  const result = new Map<number, Growing>();
  for (const { n, m, instance } of pairs) {
    if (taken.has(n) || result.has(m)) continue;
    taken.add(n);
    result.set(m, instance);
  }
  return result;
}

/** @returns intersection over union of the pixels above the threshold */
export function overlapOf(a: Finding, b: Finding, threshold: number): number {
  let both = 0;
  for (let j = Math.max(a.start[1], b.start[1]); j < Math.min(a.start[1] + a.size[1], b.start[1] + b.size[1]); j++) {
    for (let i = Math.max(a.start[0], b.start[0]); i < Math.min(a.start[0] + a.size[0], b.start[0] + b.size[0]); i++) {
      if (probabilityAt(a, i, j) > threshold && probabilityAt(b, i, j) > threshold) both++;
    }
  }
  return both / Math.max(1, countAbove(a, threshold) + countAbove(b, threshold) - both);
}

/** @returns 0 outside of what is kept */
export function probabilityAt({ start, size, mask }: Finding, i: number, j: number): number {
  const [x, y] = [i - start[0], j - start[1]];
  return x < 0 || y < 0 || x >= size[0] || y >= size[1] ? 0 : mask[x + y * size[0]]!;
}

function countAbove({ mask }: Finding, threshold: number): number {
  let count = 0;
  for (let n = 0; n < mask.length; n++) if (mask[n]! > threshold) count++;
  return count;
}
