/** Loads a network into ONNX Runtime, once it is proven to be the one that the manifest names. Runs in the inference process only. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { inspectModel } from '#core/onnx/inspectModel.ts';
import { networkFit } from '#core/onnx/networkFit.ts';
import { readModel } from '#core/onnx/readModel.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { LoadedNetwork } from './LoadedNetwork.ts';
import { hashMismatch } from './packHash.ts';
import { createSession } from './session.ts';

/** The bytes that are hashed are the bytes that are loaded. @throws model/hash-mismatch, model/unreadable, what inspectModel and networkFit find */
export async function loadNetwork(
  file: string,
  sha256: string,
  manifest: ModelManifest,
  provider: ProviderName,
): Promise<LoadedNetwork> {
  const { name } = manifest;
  const network = await readFile(file);
  if (createHash('sha256').update(network).digest('hex') !== sha256) throw hashMismatch(name);
  // The runtime is native code that opens and allocates what a file tells it to.
  const model = readModel(network);
  const [finding] = [...inspectModel(model), ...networkFit(model, manifest)];
  if (finding) throw finding;
  try {
    return new LoadedNetwork(await createSession(network, provider), model, provider);
  } catch (error) {
    throw new LanternError(
      'model/unreadable',
      `The network of “${name}” cannot be loaded: it is not an ONNX network that this program’s runtime understands.`,
      'Get the model pack again from its maker, or ask for an ONNX export with an older operator set.',
      { cause: error },
    );
  }
}
