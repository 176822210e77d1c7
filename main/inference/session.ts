/** Loads a network into ONNX Runtime, once it is proven to be the one that the manifest names. Runs in the inference process only. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import ort from 'onnxruntime-node';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { inspectModel } from '#core/onnx/inspectModel.ts';
import { networkFit } from '#core/onnx/networkFit.ts';
import { readModel } from '#core/onnx/readModel.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { hashMismatch } from './packHash.ts';

const RUNTIME_NAMES: Readonly<Record<ProviderName, string>> = {
  cpu: 'cpu',
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
};

/**
 * @returns a session with all graph optimisations and a thread per physical core
 * @throws whatever the runtime throws for a network or a provider that it can't use
 */
export async function createSession(network: Uint8Array, provider: ProviderName): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(network, {
    executionProviders: [RUNTIME_NAMES[provider]],
    graphOptimizationLevel: 'all',
    // 0 = the runtime's own count of physical cores, unless this process may use fewer than the machine has.
    intraOpNumThreads: os.availableParallelism() < os.cpus().length ? os.availableParallelism() : 0,
    interOpNumThreads: 1,
    // Its plan for the memory of a second run comes on top of the first run's: twice the memory, and slower for being fresh.
    enableMemPattern: false,
    logSeverityLevel: 4,
  });
}

/** The bytes that are hashed are the bytes that are loaded. @throws model/hash-mismatch, model/unreadable, what inspectModel and networkFit find */
export async function loadNetwork(
  file: string,
  sha256: string,
  manifest: ModelManifest,
  provider: ProviderName,
): Promise<ort.InferenceSession> {
  const { name } = manifest;
  const network = await readFile(file);
  if (createHash('sha256').update(network).digest('hex') !== sha256) throw hashMismatch(name);
  // The runtime is native code that opens and allocates what a file tells it to.
  const model = readModel(network);
  const [finding] = [...inspectModel(model), ...networkFit(model, manifest)];
  if (finding) throw finding;
  try {
    return await createSession(network, provider);
  } catch (error) {
    throw new LanternError(
      'model/unreadable',
      `The network of “${name}” cannot be loaded: it is not an ONNX network that this program’s runtime understands.`,
      'Get the model pack again from its maker, or ask for an ONNX export with an older operator set.',
      { cause: error },
    );
  }
}
