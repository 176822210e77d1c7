import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BlockedValue,
  chunksOf,
  inputsOf,
  type Layer,
  NO_ACTIVATION,
  pitchOf,
  planeVoxels,
  VOXEL_BYTES,
} from './layer.ts';
import { layOut } from './layOut.ts';

const size = [6, 8, 8] as const;
const value = (channels: number): BlockedValue => ({ channels, size });
/** Weights say nothing of where values lie. */
const kernel = (inputs: number, outputs: number) => ({
  inputs,
  outputs,
  values: new Float32Array(),
  bias: new Float32Array(),
});

/** A chain of layers of random kinds, some of which read what came earlier. */
const networks = fc
  .tuple(
    fc.constantFrom(4, 8, 12),
    fc.array(fc.record({ kind: fc.constantFrom('convolve3', 'scale', 'add', 'concatenation'), back: fc.nat(6) }), {
      minLength: 1,
      maxLength: 14,
    }),
  )
  .map(([channels, steps]) => {
    const input = value(channels);
    const values = [input];
    const layers: Layer[] = [];
    for (const { kind, back } of steps) {
      const from = values.at(-1)!;
      const other = values.at(-1 - Math.min(back, values.length - 1))!;
      const output = value(kind === 'concatenation' ? from.channels + other.channels : from.channels);
      if (kind === 'concatenation' && output.channels > 64) continue;
      const ends = { input: from, output, activation: NO_ACTIVATION };
      const scale = new Float32Array(from.channels);
      if (kind === 'convolve3')
        layers.push({ kind, ...ends, kernel: kernel(from.channels, from.channels), dilation: 1 });
      else if (kind === 'scale') layers.push({ kind, ...ends, scale, shift: scale });
      else if (kind === 'concatenation') layers.push({ kind, parts: [other, from], output });
      else if (other.channels === from.channels) layers.push({ kind: 'add', ...ends, other });
      else continue;
      values.push(output);
    }
    return { layers, input, output: values.at(-1)! };
  })
  .filter(({ layers }) => layers.length > 0);

test('what a layer reads was written by its maker and by nobody since', () => {
  fc.assert(
    fc.property(networks, fc.constantFrom(0, 1e9), (plan, largeBytes) => {
      const { places, copies, bytes, inPlace } = layOut(plan, { outside: new Set(), largeBytes });
      /** By plane of each half of a chunk: whose it is. A part of a concatenation that lies in it is both's. */
      const memory = new Map<number, Set<BlockedValue>>();
      const halves = (of: BlockedValue, count: number): number[] => {
        const { offset, chunkBytes, planes } = places.get(of)!;
        return Array.from({ length: count }, (_, half) =>
          [...planes].map(
            (slot) => offset + (half >> 1) * chunkBytes + slot * planeVoxels(of) * VOXEL_BYTES + (half & 1) * 16,
          ),
        ).flat();
      };
      /** Of the channels that exist. */
      const addresses = (of: BlockedValue): number[] => halves(of, of.channels / 4);
      const write = (of: BlockedValue): void => {
        for (const at of halves(of, chunksOf(of) * 2)) {
          expect(at).toBeLessThan(bytes);
          memory.set(at, new Set([of]));
        }
      };
      write(plan.input);
      for (const layer of plan.layers) {
        for (const read of inputsOf(layer))
          for (const at of addresses(read)) expect(memory.get(at)?.has(read)).toBe(true);
        if (layer.kind === 'convolve3' && !inPlace.has(layer)) {
          const read = new Set(addresses(layer.input));
          expect(addresses(layer.output).some((at) => read.has(at))).toBe(false);
        }
        if (layer.kind === 'concatenation') {
          const whole = addresses(layer.output);
          let first = 0;
          for (const part of layer.parts) {
            const own = addresses(part);
            const place = whole.slice(first, first + own.length);
            if (!copies.has(part)) expect(own).toEqual(place);
            for (const [n, at] of place.entries()) {
              if (own[n] === at) memory.get(at)!.add(layer.output);
              else memory.set(at, new Set([layer.output]));
            }
            first += own.length;
          }
        } else write(layer.output);
      }
      for (const at of addresses(plan.output)) expect(memory.get(at)?.has(plan.output)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('rows and planes lie an odd number of cache lines apart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (height, width) => {
      const one = { channels: 4, size: [3, height, width] as const };
      expect(pitchOf(one)).toBeGreaterThanOrEqual(width);
      expect(((pitchOf(one) * VOXEL_BYTES) / 64) % 2).toBe(1);
      expect(((planeVoxels(one) * VOXEL_BYTES) / 64) % 2).toBe(1);
      expect(planeVoxels(one)).toBeGreaterThanOrEqual(height * pitchOf(one));
    }),
  );
});
