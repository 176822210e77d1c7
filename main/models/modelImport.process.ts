/**
 * The process that takes foreign models in: it reads archives, manifests and networks of strangers, and has no key of the vault. One
 * order, one answer, then it ends. Next: modelImportProcess.ts (the host's end), stageModel.ts, keepModel.ts.
 */
import { asLanternError } from '../jobs/jobs.ts';
import { keepModel } from './keepModel.ts';
import type { FromImport, ImportAct } from './modelImportProcess.ts';
import { stageModel } from './stageModel.ts';

process.once('message', async (act: ImportAct) => {
  try {
    const result =
      act.kind === 'stage'
        ? await stageModel(act)
        : await keepModel(act, (stage) => void send({ kind: 'stage', stage }));
    await send({ kind: 'done', result });
  } catch (error) {
    await send({ kind: 'failed', error: asLanternError(error).toJSON() });
  }
  process.exit(0);
});
// The host is gone, or a person has cancelled.
process.on('disconnect', () => process.exit(1));

function send(message: FromImport): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
