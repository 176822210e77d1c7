/**
 * `explain SEGMENTATION --segment N --saliency FILE [--patch MM] [--runs N]`, `explain SEGMENTATION --attention FILE [--map NAME]`: which
 * places around a segment its network needs, and what a network itself says of its attention.
 */
import { type SaliencyResult, saliencyResult } from '#contract/schemas/explanation.ts';
import type { Warning } from '#contract/schemas/messages.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { saliencyVoxels } from '#core/inference/explain/saliencyMap.ts';
import { attentionOf } from '../attentionFile.ts';
import type { Answer, CommandContext, Options } from '../command.ts';
import { niftiFile, writeMapFile } from '../mapFile.ts';
import type { CliSession } from '../session.ts';

const UNIT = 'share of the segment’s probability mass that is lost when a patch of this size is hidden at the voxel';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const [segmentationId = ''] = args;
  const saliency = niftiFile(options, 'saliency', 'The saliency');
  const attention = niftiFile(options, 'attention', 'The attention');
  if (saliency === null && attention === null) throw nothingAsked();
  const wish = saliency === null ? null : wishOf(options);
  const session = await context.openUnlocked();
  const hidden =
    saliency !== null && wish !== null ? await writeSaliency(session, { segmentationId, ...wish }, saliency) : null;
  const map = options['map'] === undefined ? undefined : String(options['map']);
  const attended = attention === null ? null : await attentionOf(session, segmentationId, map, attention);
  const warnings: Warning[] = [...(hidden?.warnings ?? []), ...(attended?.warnings ?? [])];
  return {
    json: {
      segmentationId,
      model: (hidden ?? attended)?.model,
      warnings,
      ...(hidden && saliency !== null && { saliency: inFigures(hidden, saliency) }),
      ...(attended && { attention: attended.figures }),
    },
    text: [
      ...(hidden ? [`${hidden.segment.name}: ${hidden.runs} runs, patches of ${hidden.patchMm} mm: ${saliency}`] : []),
      ...(attended ? [`${attended.figures.map}: ${attention}`] : []),
      ...warnings.map(({ message }) => `  warning: ${message}`),
    ].join('\n'),
  };
}

async function writeSaliency(
  session: CliSession,
  order: { segmentationId: string; segment: number; patchMm?: number; mostRuns?: number },
  file: string,
): Promise<SaliencyResult> {
  const { rpc } = session;
  const result = saliencyResult.parse(await session.job(rpc.explanations.saliency(order)));
  const { geometry } = await session.call(rpc.segmentations.get({ id: order.segmentationId }));
  await writeMapFile(saliencyVoxels(result.map), geometry, file, 'Lantern occlusion saliency');
  return result;
}

function inFigures(result: SaliencyResult, file: string): object {
  const { segment, patchMm, patches, runs, windows, meanProbability, provider, seconds, map } = result;
  const [least, most] = [Math.min(0, ...map.lost), Math.max(0, ...map.lost)];
  return {
    file,
    segment,
    unit: UNIT,
    patchMm,
    patches,
    runs,
    windows,
    meanProbability,
    least,
    most,
    provider,
    seconds,
  };
}

/** @throws argument/segment, argument/patch, argument/runs */
function wishOf(options: Options): { segment: number; patchMm?: number; mostRuns?: number } {
  const number = (name: string): number | undefined => {
    if (options[name] === undefined) return undefined;
    // An empty text is no 0.
    return String(options[name]).trim() === '' ? Number.NaN : Number(options[name]);
  };
  const [segment, patchMm, mostRuns] = [number('segment'), number('patch'), number('runs')];
  if (segment === undefined || !Number.isInteger(segment)) {
    throw new LanternError(
      'argument/segment',
      'It was not said which segment is to be explained.',
      'Give --segment 1.',
    );
  }
  if (patchMm !== undefined && !Number.isFinite(patchMm)) {
    throw new LanternError('argument/patch', 'The size of the patch is no number.', 'Give --patch 10, in millimetres.');
  }
  if (mostRuns !== undefined && !Number.isInteger(mostRuns)) {
    throw new LanternError('argument/runs', 'The number of runs is no whole number.', 'Give --runs 60.');
  }
  return { segment, ...(patchMm !== undefined && { patchMm }), ...(mostRuns !== undefined && { mostRuns }) };
}

function nothingAsked(): LanternError {
  return new LanternError(
    'argument/nothing-asked',
    'It was not said what is to be explained, and where it is to be written.',
    'Give --segment N --saliency FILE.nii.gz, or --attention FILE.nii.gz.',
  );
}
