import ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelBuilder } from '#core/onnx/buildModel.ts';
import { decoderForFewTokens } from '#core/onnx/fewTokens/decoderForFewTokens.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import { seededRandom } from '#core/phantom/seededRandom.ts';
import { createSession } from '../inference/session.ts';
import { DECODER, promptModelFolder, readPinned } from './promptModel.ts';
import { DECODER_OUTPUTS, decoderFeeds } from './samNetwork.ts';

const random = seededRandom(7);
const EMBEDDING = Float32Array.from({ length: 256 * 64 * 64 }, () => 0.3 * random.gauss());
const EARLIER = Float32Array.from({ length: 256 * 256 }, () => 4 * random.gauss());

let exported: ort.InferenceSession;
let written: ort.InferenceSession;

beforeAll(async () => {
  const bytes = await readPinned(promptModelFolder(), DECODER);
  exported = await createSession(bytes, 'cpu');
  written = await createSession(writeModel(decoderForFewTokens(readModel(bytes))), 'cpu');
});

/** Three points and the two corners of a box. */
const COORDINATES = [300, 420, 610, 180, 80, 900, 250, 150, 700, 640];

describe('the decoder that is written anew', () => {
  it.each([
    { name: 'a click', labels: [1, -1], earlier: false },
    { name: 'a box', labels: [2, 3], earlier: false },
    { name: 'clicks in a box, asked again', labels: [1, 0, 1, 2, 3], earlier: true },
    { name: 'a single point, asked again', labels: [1], earlier: true },
    { name: 'many clicks', labels: Array.from({ length: 24 }, (_, n) => n % 2), earlier: false },
  ])('answers as the one that the package holds: $name', async ({ labels, earlier }) => {
    const coordinates = Array.from(
      { length: 2 * labels.length },
      (_, n) => COORDINATES[n % COORDINATES.length]! + 3 * n,
    );
    const embedding = new ort.Tensor('float32', EMBEDDING, [1, 256, 64, 64]);
    const feeds = decoderFeeds(embedding, { coordinates, labels, earlier: earlier ? EARLIER : null });
    const size = new ort.Tensor('float32', Float32Array.of(64, 64), [2]);
    const before = await exported.run({ ...feeds, orig_im_size: size }, DECODER_OUTPUTS);
    const after = await written.run(feeds, DECODER_OUTPUTS);
    for (const name of DECODER_OUTPUTS) {
      const [a, b] = [before[name], after[name]].map((tensor) => tensor?.data as Float32Array);
      expect(after[name]?.dims).toEqual(before[name]?.dims);
      const apart = a!.reduce((most, value, n) => Math.max(most, Math.abs(value - b![n]!)), 0);
      const largest = a!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeGreaterThan(0.1);
      expect(apart).toBeLessThan(1e-4 * Math.max(1, largest));
    }
  });

  it('refuses another network', () => {
    const builder = new ModelBuilder();
    builder.node('Relu', ['a'], ['b']);
    const ends = ['a', 'b'].map((name) => ({ name, dims: [1] }));
    const origin = { producer: 'test', producerVersion: '', opset: 17, graphName: 'another' };
    const another = builder.build(ends.slice(0, 1), ends.slice(1), origin);
    expect(() => decoderForFewTokens(another)).toThrow('is not the one that this version of Lantern knows');
  });
});
