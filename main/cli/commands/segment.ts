/**
 * `segment SERIES --model ID [--channel NAME=SERIES …] [--ensemble ID,ID] [--tta|--no-tta] [--around X,Y,Z] [--uncertainty FILE] [--attention FILE]
 * [--provider NAME] [--accept]`: a network's proposal; with `--model prompt` of what --point and --box point at.
 */
import { inferenceResult, type PlaceOfDoubt } from '#contract/schemas/inference.ts';
import { providerName } from '#contract/schemas/provider.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { noAttention } from '../../inference/explanationRefusals.ts';
import { attentionOf } from '../attentionFile.ts';
import type { Answer, CommandContext, Options } from '../command.ts';
import { niftiFile } from '../mapFile.ts';
import { numbersOf, promptOptions } from '../promptOptions.ts';
import type { CliSession } from '../session.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const [seriesId = ''] = args;
  const models = modelsOf(options);
  const provider = providerOf(options);
  const file = niftiFile(options, 'uncertainty', 'The uncertainty');
  const attentionFile = niftiFile(options, 'attention', 'The attention');
  const pointed = promptOptions(models[0], options);
  const around = aroundOf(options);
  const session = await context.openUnlocked();
  const { rpc, call } = session;
  if (attentionFile !== null) await requireAttention(session, models[0]);
  const started = pointed
    ? rpc.prompts.propose({ seriesId, ...pointed })
    : rpc.inference.run({
        seriesId,
        modelId: models[0],
        channels: channelsOf(options),
        ensemble: models.slice(1),
        ...(typeof options['tta'] === 'boolean' && { flips: options['tta'] }),
        ...(around && { aroundLps: around }),
        doubt: file === null ? 'no' : 'required',
        ...(provider && { provider }),
      });
  const { segmentationId, ...result } = inferenceResult.parse(await session.job(started));
  const doubt = file === null ? null : await writeUncertainty(session, segmentationId, file);
  const attended = attentionFile === null ? null : await attentionOf(session, segmentationId, undefined, attentionFile);
  if (options['accept'] === true) await call(rpc.segmentations.accept({ id: segmentationId }));
  const segmentation = await session.segmentation(seriesId, segmentationId);
  const { model, provider: usedProvider, seconds, warnings } = result;
  return {
    json: {
      segmentation,
      model,
      provider: usedProvider,
      seconds,
      warnings,
      ...doubt,
      ...(attended && { attention: attended.figures }),
    },
    text: [
      `${segmentation.name}, ${segmentation.state}: ${seconds.toFixed(1)} s on ${usedProvider}  ${segmentation.id}`,
      ...segmentation.segments.map(({ number, name, volumeMl }) => `  ${number} ${name}: ${volumeMl.toFixed(1)} ml`),
      ...(doubt?.places ?? []).map((place) => `  unsure: ${placeLine(place)}`),
      ...warnings.map(({ message }) => `  warning: ${message}`),
    ].join('\n'),
  };
}

/** @throws argument/channel */
function channelsOf(options: Options): { name: string; seriesId: string }[] {
  const given = options['channel'];
  return (Array.isArray(given) ? given.map(String) : []).map((text) => {
    const at = text.lastIndexOf('=');
    const [name, seriesId] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at > 0 && name && seriesId) return { name, seriesId };
    throw new LanternError(
      'argument/channel',
      `“${text}” does not say which series is which channel.`,
      'Give --channel NAME=SERIES, once for each channel.',
    );
  });
}

/** @throws argument/around */
function aroundOf(options: Options): [number, number, number] | null {
  if (options['around'] === undefined) return null;
  const numbers = numbersOf(String(options['around']), 3);
  if (numbers) return numbers as [number, number, number];
  throw new LanternError(
    'argument/around',
    'The point of --around is not three numbers.',
    'Give X,Y,Z in LPS millimetres, as in --around -25,10,-12.',
  );
}

/** @throws argument/no-model */
function modelsOf(options: Options): [string, ...string[]] {
  const listed = String(options['ensemble'] ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  const first = options['model'] === undefined ? [] : [String(options['model'])];
  const [one, ...others] = new Set([...first, ...listed]);
  if (one !== undefined) return [one, ...others];
  throw new LanternError(
    'argument/no-model',
    'It was not said which network is to do it.',
    'Give --model ID, or --ensemble ID,ID; “lantern models” lists them.',
  );
}

/** @throws provider/unknown */
function providerOf(options: Options): ReturnType<typeof providerName.parse> | null {
  if (options['provider'] === undefined) return null;
  const parsed = providerName.safeParse(options['provider']);
  if (parsed.success) return parsed.data;
  throw new LanternError(
    'provider/unknown',
    'This is not the name of a provider.',
    `Providers are ${providerName.options.join(', ')}.`,
  );
}

/** Before minutes go by. An id that nobody knows is the run's own failure. @throws model/no-attention */
async function requireAttention({ rpc, call }: CliSession, modelId: string): Promise<void> {
  const model = (await call(rpc.models.list())).models.find(({ id }) => id === modelId);
  if (model?.attention.length === 0) throw noAttention(model.name);
}

async function writeUncertainty(
  session: CliSession,
  segmentationId: string,
  file: string,
): Promise<{ uncertainty: string; places: PlaceOfDoubt[] }> {
  const { call, rpc } = session;
  const { geometry } = await call(rpc.segmentations.get({ id: segmentationId }));
  const { places } = await call(rpc.segmentations.doubt({ id: segmentationId }));
  const { writeDoubtFile } = await import('../writeDoubtFile.ts');
  await writeDoubtFile(session, segmentationId, geometry, file);
  return { uncertainty: file, places: places ?? [] };
}

function placeLine({ centreLps, doubtMl, classes }: PlaceOfDoubt): string {
  const between = classes.map(({ name }) => name).join(' or ');
  return `${between} at ${centreLps.map((mm) => mm.toFixed(1)).join(', ')} mm, ${doubtMl.toFixed(2)} ml of doubt`;
}
