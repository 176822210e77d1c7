/**
 * The 3-class MeshNet on a whole 256³ head through the inference process: reading the model, handing over voxels, normalising,
 * running, taking the class of each voxel, handing back. Peer: the runtime's `session.run` alone on the same file, with its defaults.
 * `beside the network`: the network's own time in the same runs, in the form in which it runs here; stated.
 * `first run`: in a process that has just been started, as the window does when the pointer comes to the button; it builds the session.
 * `first run, process and all`: the run itself starts the process from source, as the command line does; a goal of its own, wider by the start.
 */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import ort from 'onnxruntime-node';
import { readNifti } from '../core/formats/nifti.ts';
import { InferenceService } from '../main/inference/inferenceService.ts';
import { type Bench, median } from './measurement.ts';
import { sharedData } from './sharedData.ts';

const ROUNDS = 3;
/** Of the head. */
const SIDE = 256;
/** From the pointer on the button to the click. */
const REACH_MS = 400;

export const inference: Bench = {
  name: 'inference',
  async run() {
    const weights = sharedData('brain-models/model5_gw_ae/model5_gw_ae.onnx');
    const volume = readNifti(gunzipSync(readFileSync(sharedData('brain-models/t1_crop.nii.gz'))));
    const folder = mkdtempSync(join(tmpdir(), 'lantern-bench-'));
    const pack = join(folder, 'brain-tissue-meshnet');
    cpSync(fileURLToPath(new URL('../test/packs/brain-tissue-meshnet', import.meta.url)), pack, { recursive: true });
    copyFileSync(weights, join(pack, 'model.onnx'));
    const request = { modelId: 'brain-tissue-meshnet', volume, modality: 'MR' };
    const context = { signal: new AbortController().signal, progress: () => {} };
    const runs = async (count: number, { isStarted }: { isStarted: boolean }) => {
      const service = new InferenceService({ modelFolders: [folder] });
      try {
        if (isStarted) {
          service.warmUp();
          await new Promise((resolve) => setTimeout(resolve, REACH_MS));
        }
        const measured: { wall: number; network: number }[] = [];
        for (let n = 0; n < count; n++) {
          const start = performance.now();
          const { networkSeconds } = await service.run(request, context);
          measured.push({ wall: (performance.now() - start) / 1000, network: networkSeconds });
        }
        return measured;
      } finally {
        await service.close();
      }
    };
    try {
      // Fills the cache of compiled code, as the first start of an installation does.
      await runs(1, { isStarted: false });
      const cold = [];
      const first = [];
      const later = [];
      for (let round = 0; round < ROUNDS; round++) {
        cold.push(...(await runs(1, { isStarted: false })));
        const [one, ...others] = await runs(3, { isStarted: true });
        if (one) first.push(one);
        later.push(...others);
      }
      const plain = await plainly(weights);
      const row = (name: string, most: number, of: { wall: number }[]) => {
        const wall = median(of.map((run) => run.wall));
        const ratio = wall / plain;
        return {
          name,
          value: wall,
          unit: 's',
          peer: `session.run alone (${plain.toFixed(2)} s)`,
          ratio,
          goal: `≤ ${most} ×`,
          met: ratio <= most,
        };
      };
      const network = median(later.map((run) => run.network));
      return [
        row('inference: first run', 1.1, first),
        row('inference: first run, process and all', 1.15, cold),
        row('inference: later runs', 1.1, later),
        {
          name: 'inference: later runs, beside the network',
          value: median(later.map((run) => run.wall)),
          unit: 's',
          peer: `the network alone, in our form (${network.toFixed(2)} s)`,
          ratio: median(later.map((run) => run.wall / run.network)),
          goal: 'stated',
          met: true,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** @returns seconds, the median of three after one that is not counted */
async function plainly(weights: string): Promise<number> {
  const session = await ort.InferenceSession.create(weights);
  try {
    const [input = ''] = session.inputNames;
    const image = new ort.Tensor('float32', new Float32Array(SIDE ** 3).fill(0.5), [1, 1, SIDE, SIDE, SIDE]);
    const seconds = [];
    for (let n = 0; n <= ROUNDS; n++) {
      const start = performance.now();
      await session.run({ [input]: image });
      seconds.push((performance.now() - start) / 1000);
    }
    return median(seconds.slice(1));
  } finally {
    await session.release();
  }
}
