/** `export SEGMENTATION --format F --out FILE [--segment N]`. */
import { resolve } from 'node:path';
import { exportFormat, exportResult } from '#contract/schemas/exportResult.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Answer, CommandContext, Options } from '../command.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const format = exportFormat.safeParse(options['format']);
  if (!format.success) {
    throw new LanternError(
      'argument/format',
      'This format is not known.',
      `Formats are ${exportFormat.options.join(', ')}.`,
    );
  }
  const segment = options['segment'] === undefined ? undefined : Number(options['segment']);
  if (segment !== undefined && !Number.isInteger(segment)) {
    throw new LanternError('argument/segment', 'The number of the segment is not a whole number.', 'Give --segment 1.');
  }
  const session = await context.openUnlocked();
  const result = exportResult.parse(
    await session.job(
      session.rpc.exports.start({
        segmentationId: args[0] ?? '',
        format: format.data,
        file: resolve(String(options['out'])),
        ...(segment !== undefined && { segment }),
      }),
    ),
  );
  return { json: result, text: [`${result.file}: ${result.bytes} bytes`, ...result.notes].join('\n') };
}
