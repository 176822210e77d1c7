/** `accept SEGMENTATION [--segments 1,2]`: a proposal becomes the clinician's, or these segments of it; the others are rejected. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { Answer, CommandContext, Options } from '../command.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const numbers = options['segments'] === undefined ? null : numbersOf(String(options['segments']));
  const session = await context.openUnlocked();
  const request = { id: args[0] ?? '', ...(numbers && { segments: numbers }) };
  const { id, seriesId } = await session.call(session.rpc.segmentations.accept(request));
  const segmentation = await session.segmentation(seriesId, id);
  const names = segmentation.segments.map(({ name }) => name).join(', ');
  return {
    json: { segmentation },
    text: `${segmentation.name} is ${segmentation.state}${numbers ? `: ${names}` : ''}.`,
  };
}

/** @throws argument/segments */
function numbersOf(list: string): number[] {
  const numbers = list.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw new LanternError(
    'argument/segments',
    'Segments are chosen by their numbers.',
    'Give them with commas between, as --segments 1,2; “list” shows them.',
  );
}
