/**
 * One question to the prompt tool's decoder, about a click: as Lantern writes it (core/onnx/fewTokens) beside the file of the npm package
 * as it is, in the same runtime with the same settings; medians of runs in turn. An answer to a person asks once to four times.
 */
import ort from 'onnxruntime-node';
import { decoderForFewTokens } from '../core/onnx/fewTokens/decoderForFewTokens.ts';
import { readModel, writeModel } from '../core/onnx/readModel.ts';
import { seededRandom } from '../core/phantom/seededRandom.ts';
import { createSession } from '../main/inference/session.ts';
import { DECODER, promptModelFolder, readPinned } from '../main/prompt/promptModel.ts';
import { DECODER_OUTPUTS, decoderFeeds } from '../main/prompt/samNetwork.ts';
import { alternate, type Bench, timed } from './measurement.ts';

const ROUNDS = 40;

export const promptQuestion: Bench = {
  name: 'promptQuestion',
  async run() {
    const bytes = await readPinned(promptModelFolder(), DECODER);
    const exported = await createSession(bytes, 'cpu');
    const written = await createSession(writeModel(decoderForFewTokens(readModel(bytes))), 'cpu');
    const random = seededRandom(3);
    const embedding = Float32Array.from({ length: 256 * 64 * 64 }, () => 0.3 * random.gauss());
    const feeds = decoderFeeds(new ort.Tensor('float32', embedding, [1, 256, 64, 64]), {
      coordinates: [400, 500, 300, 380, 520, 610],
      labels: [1, 2, 3],
      earlier: null,
    });
    const size = new ort.Tensor('float32', Float32Array.of(64, 64), [2]);
    const { own, peer } = await alternate(
      ROUNDS,
      () => timed(() => written.run(feeds, DECODER_OUTPUTS)),
      () => timed(() => exported.run({ ...feeds, orig_im_size: size }, DECODER_OUTPUTS)),
    );
    const ratio = own / peer;
    return [
      {
        name: 'promptQuestion',
        value: own,
        unit: 'ms',
        peer: `the package’s decoder (${peer.toFixed(0)} ms)`,
        ratio,
        goal: '≤ 0.8 ×',
        met: ratio <= 0.8,
      },
    ];
  },
};
