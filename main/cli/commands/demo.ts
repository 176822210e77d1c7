/** `demo --out DIR`: the demonstration in a vault of its own, which is gone afterwards. Needs no vault of the user's. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Answer, CommandContext, Options } from '../command.ts';

export async function run(context: CommandContext, _args: readonly string[], options: Options): Promise<Answer> {
  const [{ runDemo }, { createVault }, { SegmentationService }, { InferenceService }] = await Promise.all([
    import('../../demo/runDemo.ts'),
    import('../../vault/vault.ts'),
    import('../../segmentations/segmentationService.ts'),
    import('../../inference/inferenceService.ts'),
  ]);
  const parent = await mkdtemp(join(tmpdir(), 'lantern-demo-'));
  const inference = new InferenceService({ modelFolders: context.modelFolders });
  try {
    const owner = { name: 'Demonstration', userName: 'Demonstration', passphrase: randomBytes(24).toString('base64') };
    const { vault } = await createVault(join(parent, 'vault'), owner);
    try {
      const segmentations = new SegmentationService(vault);
      const { files } = await runDemo({ vault, segmentations, inference }, resolve(String(options['out'])), {
        signal: context.signal,
        progress: (done, total, unit, phase) =>
          context.progress(total > 0 ? `${phase} ${done} of ${total} ${unit}` : phase),
      });
      return { json: { files }, text: files.join('\n') };
    } finally {
      await vault.close();
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw new LanternError('job/cancelled', 'The demonstration was stopped.', 'Start it again when you want it.');
  } finally {
    await inference.close();
    await rm(parent, { recursive: true, force: true });
  }
}
