/** Makes sessions of ONNX Runtime. Runs in the inference process, its trials and the prompt process only. Next: loadNetwork.ts. */
import os from 'node:os';
import ort from 'onnxruntime-node';
import type { ProviderName } from './inferenceMessages.ts';

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
  return create(network, provider, 'all');
}

/** For a network that this program has written itself (core/onnx/sliced): there is nothing left to optimise, and it has many nodes. */
export async function createSlicedSession(network: Uint8Array): Promise<ort.InferenceSession> {
  return create(network, 'cpu', 'disabled');
}

async function create(
  network: Uint8Array,
  provider: ProviderName,
  graphOptimizationLevel: 'all' | 'disabled',
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(network, {
    executionProviders: [RUNTIME_NAMES[provider]],
    graphOptimizationLevel,
    // 0 = the runtime's own count of physical cores, unless this process may use fewer than the machine has.
    intraOpNumThreads: os.availableParallelism() < os.cpus().length ? os.availableParallelism() : 0,
    interOpNumThreads: 1,
    // Else its threads keep spinning after a run and take a core from the next session's: twice the time (docs/decisions/0010).
    extra: { session: { force_spinning_stop: '1' } },
    // Its plan for the memory of a second run comes on top of the first run's: twice the memory, and slower for being fresh.
    enableMemPattern: false,
    logSeverityLevel: 4,
  });
}
