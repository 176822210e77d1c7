/**
 * Which hardware runs networks on this machine, and in one sentence why each of the others does not. Nothing is tried until
 * somebody asks for the list; what was found is remembered per machine (no patient data). Next: providerProbe.ts, docs/gpu.md.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ProviderStatus } from '#contract/schemas/provider.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { MachineMemory } from './MachineMemory.ts';
import { type ProbeResult, probeProvider } from './providerProbe.ts';

/** The first that works is used. */
const PREFERENCE: readonly ProviderName[] = ['cuda', 'coreml', 'directml', 'webgpu', 'cpu'];
const SHOWN: readonly ProviderName[] = ['cpu', 'cuda', 'directml', 'coreml', 'webgpu'];

/** By provider. */
const outcomes = z.record(
  z.string(),
  z.object({
    outcome: z.enum(['equal', 'different', 'slower', 'failed', 'crashed', 'hung']),
    detail: z.string(),
  }),
);

export interface ProvidersOptions {
  readonly nodePath: string;
  /** Where `inference-providers.json` is kept; null = remembered only while the program runs. */
  readonly stateFolder: string | null;
}

export class Providers {
  readonly #options: ProvidersOptions;
  readonly #memory: MachineMemory<z.infer<typeof outcomes>>;
  #probing: Promise<void> | null = null;

  constructor(options: ProvidersOptions) {
    this.#options = options;
    this.#memory = new MachineMemory(outcomes, {}, 'inference-providers.json', options.stateFolder);
  }

  /** The provider that the next run should use: what was found earlier on this machine, and the processor if nothing was. Tries nothing. */
  async preferred(): Promise<ProviderName> {
    const results = await this.#memory.read();
    return PREFERENCE.find((name) => name === 'cpu' || results[name]?.outcome === 'equal') ?? 'cpu';
  }

  /** For a person who insists on one; it is tried now if it never was. @throws provider/unusable with the reason */
  async required(name: ProviderName): Promise<ProviderName> {
    if (name === 'cpu') return name;
    const absent = absence(name);
    const known = (await this.#memory.read())[name];
    if (!absent && !known) await this.#remember(name, await probeProvider(name, this.#options.nodePath));
    const result = (await this.#memory.read())[name];
    // A slow one is a person's own choice.
    if (!absent && (result?.outcome === 'equal' || result?.outcome === 'slower')) return name;
    const reason = (absent ?? outcomeReason(name, 'cpu', result)).replace(/^Not used: /, '');
    throw new LanternError(
      'provider/unusable',
      `${SPOKEN_FIRST[name]} cannot be used here: ${reason}`,
      'Leave out --provider to use the best that works on this machine; “lantern models” and Settings list them.',
    );
  }

  /** @returns every provider, tried at most once per machine and version of the runtime */
  async statuses(): Promise<ProviderStatus[]> {
    this.#probing ??= this.#probeAll();
    await this.#probing;
    const results = await this.#memory.read();
    const used = await this.preferred();
    return SHOWN.map((name) => ({
      name,
      inUse: name === used,
      reason: name === 'cpu' ? processorReason(used) : (absence(name) ?? outcomeReason(name, used, results[name])),
    }));
  }

  /** A provider that failed in a real run is not used again on this machine. */
  async distrust(name: ProviderName, outcome: 'crashed' | 'failed'): Promise<void> {
    await this.#remember(name, { outcome, detail: 'in a run' });
  }

  async #probeAll(): Promise<void> {
    for (const name of SHOWN) {
      if (name === 'cpu' || absence(name)) continue;
      const results = await this.#memory.read();
      if (!results[name]) await this.#remember(name, await probeProvider(name, this.#options.nodePath));
    }
  }

  async #remember(name: ProviderName, result: ProbeResult): Promise<void> {
    await this.#memory.change((before) => ({ ...before, [name]: result }));
  }
}

const require = createRequire(import.meta.url);

/** Known without trying: @returns why this provider can't be had here, or null */
function absence(name: ProviderName): string | null {
  const { platform, arch } = process;
  switch (name) {
    case 'directml':
      return platform === 'win32' ? null : 'Not used: DirectML is a part of Windows.';
    case 'coreml':
      return platform === 'darwin' ? null : 'Not used: Core ML is a part of macOS.';
    case 'webgpu':
      if (platform !== 'linux' || arch === 'x64') return null;
      return 'Not used: the runtime has no WebGPU for Linux on this kind of processor.';
    case 'cuda':
      if (platform !== 'linux' || arch !== 'x64') return 'Not used: the runtime offers CUDA on 64-bit Linux only.';
      if (cudaFilesInstalled()) return existsSync('/dev/nvidiactl') ? null : 'Not used: no NVIDIA card was found.';
      return existsSync('/dev/nvidiactl')
        ? 'Not used: there is an NVIDIA card, but the CUDA files of the runtime are not installed; docs/gpu.md says how to get them.'
        : 'Not used: no NVIDIA card was found, and the CUDA files of the runtime are not installed (docs/gpu.md).';
    case 'cpu':
      return null;
  }
}

function cudaFilesInstalled(): boolean {
  const runtime = dirname(require.resolve('onnxruntime-node/package.json'));
  return existsSync(join(runtime, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so'));
}

function processorReason(used: ProviderName): string {
  return used === 'cpu'
    ? 'Used: networks run on the processor, which works on every machine.'
    : 'Ready: takes over when the graphics card fails.';
}

const SPOKEN: Readonly<Record<ProviderName, string>> = {
  cpu: 'the processor',
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
};

const SPOKEN_FIRST: Readonly<Record<ProviderName, string>> = { ...SPOKEN, cpu: 'The processor' };

function outcomeReason(name: ProviderName, used: ProviderName, result: ProbeResult | undefined): string {
  switch (result?.outcome) {
    case 'equal':
      if (name === used) return 'Used: it gave the processor’s result on a trial network, and faster.';
      return `Not used: it works, but ${SPOKEN[used]} is preferred.`;
    case 'slower':
      return 'Not used: it gave the right result on a trial network, but slower than the processor.';
    case 'different':
      return 'Not used: it gave another result than the processor on a trial network, so it cannot be trusted.';
    case 'crashed':
      return 'Not used: its driver ended the process that tried it.';
    case 'hung':
      return 'Not used: its driver did not answer within 30 seconds.';
    default:
      return `Not used: ${SPOKEN[name]} could not be started on this machine (no suitable graphics card or driver).`;
  }
}
