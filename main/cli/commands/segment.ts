/** `segment SERIES --model ID [--accept]`: a network's proposal; with `--model prompt` of what --point and --box point at. */
import { inferenceResult } from '#contract/schemas.ts';
import type { Answer, CommandContext, Options } from '../command.ts';
import { promptOptions } from '../promptOptions.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const [seriesId = ''] = args;
  const modelId = String(options['model']);
  const pointed = promptOptions(modelId, options);
  const session = await context.openUnlocked();
  const { rpc, call } = session;
  const { segmentationId, model, provider, seconds, warnings } = inferenceResult.parse(
    await session.job(
      pointed ? rpc.prompts.propose({ seriesId, ...pointed }) : rpc.inference.run({ seriesId, modelId }),
    ),
  );
  if (options['accept'] === true) await call(rpc.segmentations.accept({ id: segmentationId }));
  const segmentation = await session.segmentation(seriesId, segmentationId);
  return {
    json: { segmentation, model, provider, seconds, warnings },
    text: [
      `${segmentation.name}, ${segmentation.state}: ${seconds.toFixed(1)} s on ${provider}  ${segmentation.id}`,
      ...segmentation.segments.map(({ number, name, volumeMl }) => `  ${number} ${name}: ${volumeMl.toFixed(1)} ml`),
      ...warnings.map(({ message }) => `  warning: ${message}`),
    ].join('\n'),
  };
}
