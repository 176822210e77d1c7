/**
 * Tries one provider in a process of its own, because a bad driver may take the process down: a small network must give what the
 * processor gives, and not slower. Prints one line of JSON (ProviderTrial) and ends. Next: providerProbe.ts.
 */
import { writeSync } from 'node:fs';
import ort from 'onnxruntime-node';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { createSession } from './session.ts';

export interface ProviderTrial {
  readonly outcome: 'equal' | 'different' | 'slower' | 'failed';
  /** What the runtime said, for the log of a person who looks for the cause; empty otherwise. */
  readonly detail: string;
}

/** Small enough that even a graphics card made of software answers soon, then large enough for the time to mean something; voxels. */
const SIDES = [16, 48] as const;
const TOLERANCE = 1e-3;
/** Slower than this and so much slower than the processor: it would not catch up on a larger volume. */
const HOPELESS_MS = 100;
const HOPELESS_RATIO = 10;

export async function tryProvider(provider: ProviderName): Promise<void> {
  const trial = await compare(provider).catch((error: unknown) => ({
    outcome: 'failed' as const,
    detail: error instanceof Error ? error.message.slice(0, 300) : '',
  }));
  writeSync(1, `${JSON.stringify(trial)}\n`);
  process.exit(0);
}

async function compare(provider: ProviderName): Promise<ProviderTrial> {
  let outcome: ProviderTrial['outcome'] = 'equal';
  for (const side of SIDES) {
    const { difference, onProcessorMs, onProviderMs } = await compareAt(side, provider);
    if (difference > TOLERANCE) return { outcome: 'different', detail: '' };
    outcome = onProviderMs > onProcessorMs ? 'slower' : 'equal';
    if (onProviderMs > HOPELESS_MS && onProviderMs > HOPELESS_RATIO * onProcessorMs) break;
  }
  return { outcome, detail: '' };
}

/** @returns the largest difference of two scores as a share of the largest score, and both times */
async function compareAt(
  side: number,
  provider: ProviderName,
): Promise<{ difference: number; onProcessorMs: number; onProviderMs: number }> {
  const network = convolutionNetwork({ widths: [8, 16, 8], classes: 3 });
  const input = Float32Array.from({ length: side ** 3 }, (_, n) => ((n * 2654435761) % 4093) / 4093);
  const onProcessor = await timedRun(network, 'cpu', input, side);
  const onProvider = await timedRun(network, provider, input, side);
  let scale = 1e-6;
  let difference = 0;
  for (const [n, expected] of onProcessor.scores.entries()) {
    scale = Math.max(scale, Math.abs(expected));
    const apart = Math.abs(expected - (onProvider.scores[n] ?? Number.NaN));
    difference = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : Math.max(difference, apart);
  }
  return { difference: difference / scale, onProcessorMs: onProcessor.ms, onProviderMs: onProvider.ms };
}

/** The second run is timed: the first one compiles. */
async function timedRun(
  network: Uint8Array,
  provider: ProviderName,
  input: Float32Array,
  side: number,
): Promise<{ scores: Float32Array; ms: number }> {
  const session = await createSession(network, provider);
  const feed = { image: new ort.Tensor('float32', input, [1, 1, side, side, side]) };
  await session.run(feed);
  const from = performance.now();
  const answer = await session.run(feed);
  const ms = performance.now() - from;
  return { scores: answer['scores']?.data as Float32Array, ms };
}
