/**
 * The 3-class MeshNet on a whole 256³ head through the inference process: reading the model, handing over voxels, normalising,
 * running, taking the class of each voxel, handing back. Peer: the time inside of the runtime's `session.run` in the same runs.
 * The rows are for the second and later runs, and for the first, which starts the process and builds the session with nothing
 * prepared: from source that includes taking the types out of 25 files, about 70 ms that the packed program does not spend.
 */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readNifti } from '../core/formats/nifti.ts';
import { InferenceService } from '../main/inference/inferenceService.ts';
import { type Bench, median } from './measurement.ts';
import { sharedData } from './sharedData.ts';

const ROUNDS = 3;

export const inference: Bench = {
  name: 'inference',
  async run() {
    const weights = sharedData('brain-models/model5_gw_ae/model5_gw_ae.onnx');
    const volume = readNifti(gunzipSync(readFileSync(sharedData('brain-models/t1_crop.nii.gz'))));
    const folder = mkdtempSync(join(tmpdir(), 'lantern-bench-'));
    const pack = join(folder, 'brain-tissue-meshnet');
    cpSync(fileURLToPath(new URL('../test/packs/brain-tissue-meshnet', import.meta.url)), pack, { recursive: true });
    copyFileSync(weights, join(pack, 'model.onnx'));
    const service = new InferenceService({ modelFolders: [folder] });
    try {
      const runs: { wall: number; network: number }[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const start = performance.now();
        const answer = await service.run(
          { modelId: 'brain-tissue-meshnet', volume, modality: 'MR' },
          { signal: new AbortController().signal, progress: () => {} },
        );
        runs.push({ wall: (performance.now() - start) / 1000, network: answer.networkSeconds });
      }
      const row = (name: string, of: typeof runs) => {
        const wall = median(of.map((run) => run.wall));
        const network = median(of.map((run) => run.network));
        const ratio = wall / network;
        return {
          name,
          value: wall,
          unit: 's',
          peer: `session.run alone (${network.toFixed(2)} s)`,
          ratio,
          goal: '≤ 1.1 ×',
          met: ratio <= 1.1,
        };
      };
      return [row('inference: first run', runs.slice(0, 1)), row('inference: later runs', runs.slice(1))];
    } finally {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
