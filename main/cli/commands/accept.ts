/** `accept SEGMENTATION`: a proposal becomes the clinician's. */
import type { Answer, CommandContext } from '../command.ts';

export async function run(context: CommandContext, args: readonly string[]): Promise<Answer> {
  const session = await context.openUnlocked();
  const { id, seriesId } = await session.call(session.rpc.segmentations.accept({ id: args[0] ?? '' }));
  const segmentation = await session.segmentation(seriesId, id);
  return { json: { segmentation }, text: `${segmentation.name} is ${segmentation.state}.` };
}
