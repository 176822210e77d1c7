/** `models [--models DIR]`: the networks that come with the program, and those of further folders. Needs no vault. */
import type { Answer, CommandContext } from '../command.ts';

export async function run(context: CommandContext): Promise<Answer> {
  const { rpc, call } = await context.open();
  const { models } = await call(rpc.models.list());
  const { providers } = await call(rpc.models.providers());
  return {
    json: { models, providers },
    text: models
      .map(({ id, version, name, modality, problem }) =>
        [`${id} ${version}: ${name} (${modality})`, ...(problem ? [`  ${problem.message} ${problem.hint}`] : [])].join(
          '\n',
        ),
      )
      .join('\n'),
  };
}
