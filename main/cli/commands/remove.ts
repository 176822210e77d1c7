/** `remove STUDY`: the study, its images and segmentations; their keys are destroyed. */
import type { Answer, CommandContext } from '../command.ts';

export async function run(context: CommandContext, args: readonly string[]): Promise<Answer> {
  const { rpc, call } = await context.openUnlocked();
  const [id = ''] = args;
  await call(rpc.studies.remove({ id }));
  return { json: { removed: id }, text: 'The study is removed.' };
}
