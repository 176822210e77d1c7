/** From instances to segments of a proposal, each a thing of its own; those that overlap lie on different layers. */
import type { Warning } from '#contract/schemas/messages.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { layInstances } from '#core/inference/instances/layInstances.ts';
import type { PlacedInstance } from '#core/inference/instances/runInstances.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { colorForSegment } from '#core/segmentation/palette.ts';
import type { Segment } from '#core/segmentation/segment.ts';

export interface InstanceSegments {
  readonly layers: readonly [Labelmap, ...Labelmap[]];
  readonly segments: Segment[];
  readonly warnings: readonly Warning[];
  /** For the provenance, by segment. */
  readonly scores: readonly { readonly segment: number; readonly score: number }[];
}

/**
 * @param instances the surest first
 * @returns "Nodule 1", "Nodule 2", …; where nothing was found, an empty segment for each class, so that the proposal says what was looked for
 */
export function instanceSegments(
  manifest: ModelManifest,
  instances: readonly PlacedInstance[],
  size: Vector3,
): InstanceSegments {
  const { layers, layerOf } = layInstances(instances, size);
  const segments: Segment[] = [];
  const scores: { segment: number; score: number }[] = [];
  const counts = new Map<number, number>();
  for (const [n, { label, score }] of instances.entries()) {
    const layer = layerOf[n] ?? null;
    const found = manifest.classes.find(({ value }) => value === label);
    if (layer === null || !found?.codes) continue;
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    const color = count === 1 && found.color ? found.color : colorForSegment(segments);
    segments.push({ ...segmentOf(n + 1, `${found.name} ${count}`, color, found.codes), layer });
    scores.push({ segment: n + 1, score });
  }
  const omitted = layerOf.filter((layer) => layer === null).length;
  const missing = manifest.classes.filter(({ value }) => value > 0 && !counts.has(value)).map(({ name }) => name);
  const warnings: Warning[] = [];
  if (omitted > 0) warnings.push(leftOut(omitted, instances.length));
  if (missing.length > 0) {
    warnings.push({ code: 'model/not-found', message: `Not found in this series: ${missing.join(', ')}.` });
  }
  return { layers, segments: segments.length > 0 ? segments : emptySegments(manifest), warnings, scores };
}

function emptySegments({ classes }: ModelManifest): Segment[] {
  return classes.flatMap(({ value, name, color, codes }) =>
    value > 0 && color && codes ? [segmentOf(value, name, color, codes)] : [],
  );
}

function segmentOf(number: number, name: string, color: string, codes: Segment['codes']): Segment {
  const drawn = { opacity: 0.4, display: 'both', visible: true, locked: false, origin: 'model' } as const;
  return { number, name, layer: 0, color, codes, ...drawn };
}

function leftOut(count: number, of: number): Warning {
  return {
    code: 'model/instances-left-out',
    message: `The network found ${of} things, too many on top of one another; the ${count} that it was least sure of were left out.`,
  };
}
