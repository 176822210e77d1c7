/**
 * Writes phantoms as the network will see them: brought to its grid by the same preprocessing that runs in the program, so that
 * training and use can't drift apart. Usage: node exportPhantoms.ts FOLDER. Per case NAME.image.npy (float32) and
 * NAME.truth.npy (uint8), both [k, j, i] on the manifest's grid before padding. Next: train.py.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeInput } from '#core/inference/cutWindow.ts';
import { modelManifest } from '../../../contract/modelManifest.ts';
import { indexPoint, type Vector3 } from '../../../core/geometry/points.ts';
import { indexToWorld, voxelOffset, worldToIndex } from '../../../core/geometry/volumeGeometry.ts';
import { preprocess } from '../../../core/inference/preprocess.ts';
import { type PhantomOptions, phantomVolume } from '../../../core/phantom/phantomVolume.ts';
import { seededRandom } from '../../../core/phantom/seededRandom.ts';

const TRAINING_CASES = 72;
const VALIDATION_CASES = 6;

const folder = process.argv[2];
if (!folder) throw new Error('Usage: node exportPhantoms.ts FOLDER');
mkdirSync(folder, { recursive: true });

/** The manifest's preprocessing without its padding: the training crops pad where they must. */
const shipped = modelManifest.parse(
  JSON.parse(readFileSync(new URL('../../phantom-organs/manifest.json', import.meta.url), 'utf8')),
);
const manifest = { ...shipped, input: { ...shipped.input, multipleOf: 1 } };

for (let n = 0; n < TRAINING_CASES; n++) writeCase(`train-${String(n).padStart(3, '0')}`, trainingOptions(1000 + n));
// As the demonstration study is made, on seeds and bodies that training never saw.
for (let n = 0; n < VALIDATION_CASES; n++) {
  const size = seededRandom(9000 + n);
  writeCase(`unseen-${n}`, { seed: 9000 + n, jitter: 1, anatomyScale: size.between(0.94, 1.06) });
}
// The demonstration study itself: the textbook body, seed 1.
writeCase('demonstration', {});

function trainingOptions(seed: number): PhantomOptions {
  const { between } = seededRandom(seed);
  const inPlaneMm = between(2.2, 3);
  const sliceMm = between(2.5, 4);
  const size: Vector3 = [
    Math.round(358 / inPlaneMm),
    Math.round(358 / inPlaneMm),
    Math.round(between(220, 310) / sliceMm),
  ];
  return {
    seed,
    size,
    spacingMm: [inPlaneMm, inPlaneMm, sliceMm],
    anatomyScale: between(0.9, 1.1),
    anatomyShiftMm: [between(-15, 15), between(-15, 15), between(-25, 25)],
    jitter: between(0, 1.2),
    noiseHu: between(6, 25),
  };
}

function writeCase(name: string, options: PhantomOptions): void {
  const phantom = phantomVolume(options);
  const { input, geometry } = preprocess(phantom.volume, manifest);
  const { size } = geometry;
  const truth = new Uint8Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++) {
        const at = worldToIndex(phantom.volume.geometry, indexToWorld(geometry, indexPoint(i, j, k)));
        const [x, y, z] = at.map((c, axis) =>
          Math.min(Math.max(Math.round(c), 0), (phantom.truth.size[axis] ?? 1) - 1),
        );
        truth[voxelOffset(size, i, j, k)] =
          phantom.truth.voxels[voxelOffset(phantom.truth.size, x ?? 0, y ?? 0, z ?? 0)] ?? 0;
      }
    }
  }
  writeNpy(join(folder ?? '', `${name}.image.npy`), '<f4', size, wholeInput(input));
  writeNpy(join(folder ?? '', `${name}.truth.npy`), '|u1', size, truth);
  process.stderr.write(`${name}: ${size.join(' × ')}\n`);
}

/** @see numpy.lib.format, version 1.0: C order, so the shape is (k, j, i) */
function writeNpy(file: string, type: string, [ni, nj, nk]: Vector3, data: Float32Array | Uint8Array): void {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${nk}, ${nj}, ${ni}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  writeFileSync(
    file,
    Buffer.concat([start, Buffer.from(padded), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]),
  );
}
