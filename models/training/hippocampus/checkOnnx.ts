/**
 * Compares ONNX Runtime with PyTorch on the whole windows that export.py wrote. Usage: node checkOnnx.ts OUT PACK. Exit 1 where a
 * score differs by more than 1e-3 or more than one voxel in a thousand gets another label.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';

const CLASSES = 3;
const [out, pack] = process.argv.slice(2);
if (!out || !pack) throw new Error('Usage: node checkOnnx.ts OUT PACK');
const { window } = JSON.parse(readFileSync(join(out, 'export.json'), 'utf8')) as { window: number[] };
const voxels = window.reduce((a, b) => a * b);
const floats = (path: string): Float32Array => new Float32Array(new Uint8Array(readFileSync(path)).buffer);
const labelsOf = (scores: Float32Array): Uint8Array =>
  Uint8Array.from({ length: voxels }, (_, n) => {
    let best = 0;
    for (let c = 1; c < CLASSES; c++) {
      if ((scores[c * voxels + n] ?? 0) > (scores[best * voxels + n] ?? 0)) best = c;
    }
    return best;
  });

const session = await ort.InferenceSession.create(join(pack, 'model.onnx'));
const folder = join(out, 'check');
for (const name of readdirSync(folder).filter((f) => f.endsWith('.input.f32'))) {
  const input = new ort.Tensor('float32', floats(join(folder, name)), [1, 1, ...window]);
  const begin = performance.now();
  const got = (await session.run({ image: input }))['scores']?.data as Float32Array;
  const ms = performance.now() - begin;
  const expected = floats(join(folder, name.replace('.input.', '.scores.')));
  let largest = 0;
  for (let n = 0; n < expected.length; n++) {
    largest = Math.max(largest, Math.abs((got[n] ?? Number.NaN) - (expected[n] ?? 0)));
  }
  const ours = labelsOf(got);
  const differing = labelsOf(expected).reduce((sum, label, n) => sum + Number(label !== ours[n]), 0);
  console.log(
    `${name}: largest difference ${largest.toExponential(2)}, ${differing} labels differ, ${ms.toFixed(0)} ms`,
  );
  if (!(largest < 1e-3) || differing > voxels / 1000) process.exitCode = 1;
}
