/** `threshold SERIES --min A --max B --name NAME`: a segment of all voxels between two values, as an edit that can be undone. */
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Edit } from '#core/segmentation/edit.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { emptyLabelmap } from '#core/segmentation/labelmap.ts';
import { runOperation } from '#core/segmentation/operations/operation.ts';
import { threshold } from '#core/segmentation/operations/threshold.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { writeMaskFor } from '#core/segmentation/writeMask.ts';
import { type Scalars, scalarsFromBytes } from '#core/volume/volume.ts';
import type { Answer, CommandContext, Options } from '../command.ts';
import type { CliSession } from '../session.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const [seriesId = ''] = args;
  const name = String(options['name']);
  const bounds = { lower: numberOf(options, 'min'), upper: numberOf(options, 'max') };
  const session = await context.openUnlocked();
  const { rpc, call } = session;
  const { volume } = await call(rpc.series.get({ id: seriesId }));
  context.progress('Reading the volume');
  const scalars = scalarsFromBytes(volume.scalarType, await session.blob(blobRoutes.volume(volume.id)));
  const segment = newSegment([], { name });
  const edit = thresholdEdit(volume, scalars, segment, bounds);
  context.signal.throwIfAborted();
  const created = await call(rpc.segmentations.create({ seriesId, name }));
  context.progress('Saving the segmentation');
  await commit(session, created, edit);
  const segmentation = await session.segmentation(seriesId, created.id);
  return {
    json: { segmentation },
    text: segmentation.segments.map((s) => `${s.name}: ${s.volumeMl.toFixed(1)} ml  ${segmentation.id}`).join('\n'),
  };
}

/** The segment and its voxels in one step. */
function thresholdEdit(
  { geometry }: SeriesDetail['volume'],
  scalars: Scalars,
  segment: Segment,
  bounds: { lower: number; upper: number },
): Edit {
  const delta = runOperation(
    threshold,
    {
      labelmap: emptyLabelmap(geometry.size),
      target: segment.number,
      geometry: volumeGeometryOf(geometry),
      scalars,
      other: null,
      mask: writeMaskFor([segment], segment.number, { overwrite: 'unlocked' }),
    },
    { ...bounds, keep: 'replace' },
  );
  return {
    code: 'operation/threshold',
    label: `${threshold.label}, ${segment.name}`,
    source: 'manual',
    segmentsBefore: [],
    segmentsAfter: [segment],
    deltas: delta.runs.length > 0 ? [{ layer: segment.layer, delta }] : [],
  };
}

/** An edit that is refused leaves no empty segmentation behind. */
async function commit({ rpc, call, blob }: CliSession, created: SegmentationDetail, edit: Edit): Promise<void> {
  const path = `${blobRoutes.edits(created.id)}?revision=${created.revision}`;
  try {
    await blob(path, { method: 'PUT', body: encodeEdit(edit) });
  } catch (error) {
    await call(rpc.segmentations.remove({ id: created.id }));
    throw error;
  }
}

/** @throws argument/number */
function numberOf(options: Options, name: 'min' | 'max'): number {
  const text = String(options[name]).trim();
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new LanternError('argument/number', `The value of --${name} is not a number.`, 'Give a number such as -200.');
}
