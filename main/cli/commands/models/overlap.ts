/** `models overlap PACK VOLUME`: what less overlap between windows would cost and save. Changes nothing. Needs no vault. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LanternError } from '#core/errors/lanternError.ts';
import { readNifti } from '#core/formats/nifti.ts';
import { findPacks } from '../../../inference/modelPack.ts';
import { compareOverlaps } from '../../../models/compareOverlaps.ts';
import type { Answer, CommandContext } from '../../command.ts';

const MOST_ERROR = 0.005;

export async function run(_context: CommandContext, args: readonly string[]): Promise<Answer> {
  const [pack] = await findPacks([resolve(args[0] ?? '')]);
  if (!pack) throw new LanternError('model/unknown', 'There is no model pack.', 'Give the folder of a pack.');
  if ('error' in pack) throw pack.error;
  const file = await readFile(resolve(args[1] ?? ''));
  const volume = readNifti(file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file);
  const controller = new AbortController();
  const context = { signal: controller.signal, progress: () => undefined };
  const { rows, recommended } = await compareOverlaps(pack, volume, MOST_ERROR, context);
  const line = ({ overlap, windows, seconds, dice }: (typeof rows)[number]): string =>
    `overlap ${overlap}: ${windows} windows, ${seconds.toFixed(1)} s, Dice ${dice?.toFixed(4) ?? '–'}`;
  const advice =
    recommended === null
      ? 'Nothing was found in this volume, so nothing can be said of the overlap.'
      : `Recommended: ${recommended}, the smallest whose Dice is within ${MOST_ERROR} of the highest overlap's.`;
  return { json: { rows, recommended, mostError: MOST_ERROR }, text: [...rows.map(line), advice].join('\n') };
}
