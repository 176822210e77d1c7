/** `models import PATH [--trust] [--orientation RAS]`: a pack, an nnU-Net export or a MONAI bundle, folder or .zip. Needs no vault. */
import { resolve } from 'node:path';
import { importedModelsFolder } from '../../../host/places.ts';
import { importModel } from '../../../models/importModel.ts';
import type { Answer, CommandContext, Options } from '../../command.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const modelsFolder = importedModelsFolder();
  const imported = await importModel({
    path: resolve(args[0] ?? ''),
    modelsFolder,
    shippedFolders: context.modelFolders.filter((folder) => folder !== modelsFolder),
    trust: options['trust'] === true,
    orientation: typeof options['orientation'] === 'string' ? options['orientation'] : null,
  });
  const { id, folder, signedBy } = imported;
  return { json: imported, text: `${id}: ${folder}${signedBy ? `, signed by ${signedBy}` : ', on your word'}` };
}
