/** The weights of a tfjs network: files put one behind the other, cut where model.json says, and made float32. */
import { LanternError } from '../errors/lanternError.ts';
import type { TfjsNetwork, WeightEntry, WeightGroup } from './tfjsNetwork.ts';

export interface TfjsWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, uint8: 1, uint16: 2, float16: 2 };

/**
 * @param fileOf the bytes of one of the files that the groups name
 * @throws model/damaged-weights
 */
export function readTfjsWeights(
  { groups }: Pick<TfjsNetwork, 'groups'>,
  fileOf: (path: string) => Uint8Array,
): Map<string, TfjsWeight> {
  const weights = new Map<string, TfjsWeight>();
  for (const group of groups) readGroup(group, fileOf, weights);
  return weights;
}

function readGroup(group: WeightGroup, fileOf: (path: string) => Uint8Array, weights: Map<string, TfjsWeight>): void {
  const files = group.paths.map(fileOf);
  const bytes = new Uint8Array(files.reduce((sum, file) => sum + file.length, 0));
  let at = 0;
  for (const file of files) {
    bytes.set(file, at);
    at += file.length;
  }
  at = 0;
  for (const entry of group.weights) {
    const stored = entry.quantization?.dtype ?? entry.dtype;
    const width = BYTES[stored];
    if (width === undefined) throw damaged(`“${entry.name}” is stored as ${stored}`);
    const end = at + width * entry.shape.reduce((product, n) => product * n, 1);
    if (end > bytes.length) throw damaged(`the files end before “${entry.name}” does`);
    weights.set(entry.name, { shape: entry.shape, values: floats(bytes.slice(at, end), stored, entry) });
    at = end;
  }
  if (at !== bytes.length) throw damaged('the files are longer than what model.json names');
}

function floats(bytes: Uint8Array, stored: string, { name, quantization }: WeightEntry): Float32Array {
  const { scale, min } = quantization ?? { scale: 1, min: 0 };
  const values = ((): Float32Array => {
    switch (stored) {
      case 'float32':
        return new Float32Array(bytes.buffer);
      case 'uint8':
        return Float32Array.from(bytes, (q) => q * scale + min);
      case 'uint16':
        return Float32Array.from(new Uint16Array(bytes.buffer), (q) => q * scale + min);
      default:
        return Float32Array.from(new Uint16Array(bytes.buffer), halfToNumber);
    }
  })();
  if (values.some((v) => !Number.isFinite(v))) throw damaged(`“${name}” holds values that are not numbers`);
  return values;
}

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function damaged(why: string): LanternError {
  return new LanternError(
    'model/damaged-weights',
    `The weights of this tfjs network are not what its model.json says: ${why}.`,
    'Copy the folder again, with all of its weight files.',
  );
}
