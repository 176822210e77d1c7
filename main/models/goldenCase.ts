/**
 * A pack's golden case: a small cube as the network reads it and the class of each voxel by another computation than our runtime.
 * golden/input.f32 is little-endian float32 [k, j, i], golden/labels.u8 one class index (channel) a voxel.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluateTfjs } from '#core/tfjs/evaluateTfjs.ts';
import type { TfjsNetwork } from '#core/tfjs/tfjsNetwork.ts';
import type { TfjsWeight } from '#core/tfjs/tfjsWeights.ts';

export const GOLDEN_INPUT = 'golden/input.f32';
export const GOLDEN_LABELS = 'golden/labels.u8';
/** In place of a class index where no class counts: networks with sigmoid may have no class for the background. */
export const NO_CLASS = 255;

export interface GoldenCase {
  /** Voxels along each axis. */
  readonly side: number;
  readonly input: Float32Array;
  readonly channels: Uint8Array;
}

/** @returns null where the pack has none, or none of this form */
export async function readGoldenCase(folder: string): Promise<GoldenCase | null> {
  const [bytes, channels] = await Promise.all([
    readFile(join(folder, GOLDEN_INPUT)).catch(() => null),
    readFile(join(folder, GOLDEN_LABELS)).catch(() => null),
  ]);
  if (!bytes || !channels) return null;
  const input = new Float32Array(Uint8Array.from(bytes).buffer);
  const side = Math.round(Math.cbrt(input.length));
  return side ** 3 === input.length && channels.length === input.length ? { side, input, channels } : null;
}

/** Large enough for the widest dilation in use (16) to reach another voxel. */
const SIDE = 18;

/** Far beyond an image's: only so do networks that were trained on heads answer with many classes in a cube of noise. */
const AMPLITUDES = [30, 300];

/** Computed layer by layer from the tfjs files themselves, so that it would show a wrong axis, pad or weight of the conversion. */
export function goldenCaseOf(network: TfjsNetwork, weights: ReadonlyMap<string, TfjsWeight>): GoldenCase {
  const cases = AMPLITUDES.map((amplitude) => caseOf(network, weights, amplitude));
  return cases.reduce((best, c) => (mostCommonCount(c.channels) < mostCommonCount(best.channels) ? c : best));
}

function caseOf(network: TfjsNetwork, weights: ReadonlyMap<string, TfjsWeight>, amplitude: number): GoldenCase {
  const input = Float32Array.from({ length: SIDE ** 3 }, (_, n) => amplitude * noise(n));
  // Ours is i = x fastest; tfjs has z fastest.
  const turned = Float64Array.from({ length: SIDE ** 3 }, (_, n) => input[transposed(n)]!);
  const scores = evaluateTfjs(network, weights, turned, SIDE);
  const channels = Uint8Array.from({ length: SIDE ** 3 }, (_, n) => {
    const at = transposed(n);
    return scores.reduce((best, plane, c) => (plane[at]! > scores[best]![at]! ? c : best), 0);
  });
  return { side: SIDE, input, channels };
}

/**
 * @param labels class index by voxel, of the same length
 * @returns the share that agrees: of all voxels, and of those that are not of the most common class, whichever is less
 */
export function goldenAgreement({ channels }: GoldenCase, labels: ArrayLike<number>): number {
  const common = mostCommon(channels);
  let same = 0;
  let rareSame = 0;
  let rare = 0;
  for (const [n, channel] of channels.entries()) {
    const agrees = labels[n] === channel;
    if (agrees) same++;
    if (channel === common && labels[n] === common) continue;
    rare++;
    if (agrees) rareSame++;
  }
  return Math.min(same / channels.length, rare > 0 ? rareSame / rare : 1);
}

function mostCommon(channels: Uint8Array): number {
  const counts = countsOf(channels);
  return counts.indexOf(Math.max(...counts));
}

function mostCommonCount(channels: Uint8Array): number {
  return Math.max(...countsOf(channels));
}

function countsOf(channels: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const channel of channels) counts[channel]!++;
  return counts;
}

/** Between (x, y, z) with x fastest and with z fastest; its own inverse. */
function transposed(n: number): number {
  const x = n % SIDE;
  const y = Math.floor(n / SIDE) % SIDE;
  const z = Math.floor(n / SIDE ** 2);
  return (x * SIDE + y) * SIDE + z;
}

/** −0.33 … 0.67, the same on every machine. */
function noise(n: number): number {
  return (((n * 7919 + 104_729) * 31) % 1009) / 1009 - 1 / 3;
}
