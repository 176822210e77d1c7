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
import { alternate, type Bench, median, timed } from './measurement.ts';

const ROUNDS = 5;
/** Of one decoder after the other: the threads of one that has just run keep a core busy for a moment. */
const RUNS = 10;
const OUTPUTS = ['low_res_masks', 'iou_predictions'];

export const promptQuestion: Bench = {
  name: 'promptQuestion',
  async run() {
    const bytes = await readPinned(promptModelFolder(), DECODER);
    const exported = await createSession(bytes, 'cpu');
    const written = await createSession(writeModel(decoderForFewTokens(readModel(bytes))), 'cpu');
    const random = seededRandom(3);
    const embedding = Float32Array.from({ length: 256 * 64 * 64 }, () => 0.3 * random.gauss());
    const question = {
      image_embeddings: new ort.Tensor('float32', embedding, [1, 256, 64, 64]),
      point_coords: new ort.Tensor('float32', Float32Array.of(400, 500, 300, 380, 520, 610), [1, 3, 2]),
      point_labels: new ort.Tensor('float32', Float32Array.of(1, 2, 3), [1, 3]),
      mask_input: new ort.Tensor('float32', new Float32Array(256 * 256), [1, 1, 256, 256]),
      has_mask_input: new ort.Tensor('float32', Float32Array.of(0), [1]),
    };
    const size = new ort.Tensor('float32', Float32Array.of(64, 64), [2]);
    const { own, peer } = await alternate(
      ROUNDS,
      () => several(() => written.run(question, OUTPUTS)),
      () => several(() => exported.run({ ...question, orig_im_size: size }, OUTPUTS)),
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

async function several(ask: () => Promise<unknown>): Promise<number> {
  await ask();
  const times: number[] = [];
  for (let n = 0; n < RUNS; n++) times.push(await timed(ask));
  return median(times);
}
