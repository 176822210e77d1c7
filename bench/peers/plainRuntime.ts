/**
 * A pack's network run plainly by onnxruntime-node with its defaults, in a process of its own, with the engine's preprocessing, windows and
 * decision: `plainRuntime.ts PACK VOLUME.nii MASK`. Prints {seconds, peakBytes} from the voxels in memory to the mask.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { readNifti } from '../../core/formats/nifti.ts';
import type { ModelManifest } from '../../core/inference/modelManifest.ts';
import { runModel } from '../../core/inference/runModel.ts';
import { bytesOf } from '../../core/volume/volume.ts';

const [pack = '', file = '', mask = ''] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8')) as ModelManifest;
const volume = readNifti(readFileSync(file));
const start = performance.now();
const session = await ort.InferenceSession.create(join(pack, 'model.onnx'));
const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
const { labelmap } = await runModel(volume, manifest, {
  async runWindow(values, [ni, nj, nk]) {
    const answer = await session.run({ [input]: new ort.Tensor('float32', values, [1, 1, nk, nj, ni]) });
    const tensor = answer[output];
    return { dims: tensor?.dims ?? [], scores: tensor?.data as Float32Array };
  },
  progress: async () => {},
});
const seconds = (performance.now() - start) / 1000;
writeFileSync(mask, bytesOf(labelmap.voxels));
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
