/** `serve`: the loopback shell without a window. One line with its address, then it runs until it is told to end. */
import { rendererFolder } from '../../host/places.ts';
import type { CommandContext } from '../command.ts';

export async function run(context: CommandContext): Promise<null> {
  const [{ createHost }, { startLoopbackServer }, { ensureRenderer }] = await Promise.all([
    import('../../host/createHost.ts'),
    import('../../loopback/loopbackServer.ts'),
    import('../../loopback/ensureBuilt.ts'),
  ]);
  await ensureRenderer((line) => context.progress(line));
  const { vaultFolder, modelFolders } = context;
  const host = await createHost({ vaultFolder, modelFolders, rendererFolder: rendererFolder() });
  try {
    const server = await startLoopbackServer({ handler: host.handler });
    await context.answerNow({ json: { url: server.url }, text: `Open ${server.url}` });
    await untilAborted(context.signal);
    await server.close();
  } finally {
    await host.close();
  }
  return null;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
