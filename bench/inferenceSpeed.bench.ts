/**
 * Networks through the engine against the same networks run plainly, end to end: from the voxels to the mask, with preprocessing,
 * windows, blending and decision; one run each, in the same session on the same machine.
 * `U-Net`: 16-32-64-128, 98 windows of 96³ over the shared CT (512 × 512 × 129). Peers: the same file by onnxruntime-node with its
 * defaults in a process of its own, and by Debian's PyTorch. The masks must be the same but for voxels whose two best scores differ by
 * rounding only (0.1 %).
 * `first look`: from the order to the coarse labels of the whole volume, beside the whole run that they belong to; and how well they
 * foretold its mask, mean Dice over the classes. Below 0.6 the program shows no look of that network again. As in the window, the process
 * is started when the hand is on its way to the button; the peers' seconds begin inside of theirs.
 * `memory beyond one window's`: the peak of the run less that of the same network on a volume of one window, whose scores it has to give
 * as in the run (of a volume of one window it would give classes).
 * `with doubt`: as a run from the window, which measures how unsure the network is of each voxel. The U-Net's weights are random, so that
 * it is unsure of nearly all of them: the worst case.
 * `model18cls`: the network of 18 classes on a whole head of 256³, time and peak memory of the process.
 * `floor`: the convolutions' operations as the network states them, divided by the peak that a large matrix product reaches here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import ort from 'onnxruntime-node';
import { readNifti } from '../core/formats/nifti.ts';
import { coarseAgreement } from '../core/inference/coarseLabels.ts';
import type { ModelManifest } from '../core/inference/modelManifest.ts';
import type { DoubtWish } from '../core/inference/runModel.ts';
import { testManifest } from '../core/inference/testManifest.ts';
import { planTiling } from '../core/inference/tiling.ts';
import { ModelBuilder } from '../core/onnx/buildModel.ts';
import { operationsPerVoxel } from '../core/onnx/operationsPerVoxel.ts';
import { readModel, writeModel } from '../core/onnx/readModel.ts';
import { bytesOf, type Volume } from '../core/volume/volume.ts';
import type { CoarseAnswer } from '../main/inference/inferenceRequest.ts';
import { InferenceService } from '../main/inference/inferenceService.ts';
import { convertNetwork } from '../main/models/convertNetwork.ts';
import type { Bench, BenchResult } from './measurement.ts';
import { sharedData } from './sharedData.ts';

const PYTHON = '/usr/bin/python3';
const SIDE = 96;
const UNET_ID = 'bench-unet';
/** The same network; its highest score must be above a floor, so that scores are needed. */
const SCORING_ID = 'bench-unet-scores';
const PASSPHRASE = 'benchmark passphrase';
const SAME_MASK = 0.001;
/** From the hand's coming over a button to the click. */
const HAND_MS = 500;

export const inferenceSpeed: Bench = {
  name: 'inferenceSpeed',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'lantern-bench-'));
    try {
      const peak = await operationsPerSecond();
      return [...(await unet(folder, peak)), ...(await wholeHead(folder, peak))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function unet(folder: string, peak: number): Promise<BenchResult[]> {
  const manifest = writeUnetPack(folder, UNET_ID);
  const file = join(folder, 'ct.nii');
  writeFileSync(file, ctVolume(folder));
  const volume = readNifti(readFileSync(file));
  const own = await throughEngine(folder, UNET_ID, volume, 'CT');
  const doubtful = await throughEngine(folder, UNET_ID, volume, 'CT', 'required');
  writeUnetPack(folder, SCORING_ID, { activation: 'sigmoid' });
  const alone = await throughEngine(folder, SCORING_ID, oneWindow(volume), 'CT');
  const aloneDoubtful = await throughEngine(folder, SCORING_ID, oneWindow(volume), 'CT', 'required');
  const plain = plainly(join(folder, UNET_ID), file, join(folder, 'plain.raw'));

  const { size } = volume.geometry;
  const { starts } = planTiling(size, manifest.window);
  writeFileSync(join(folder, 'ct.raw'), bytesOf(volume.scalars));
  const order = { volume: join(folder, 'ct.raw'), size, starts, mask: join(folder, 'torch.raw') };
  const script = fileURLToPath(new URL('peers/unet3d.py', import.meta.url));
  const torch = JSON.parse(execFileSync(PYTHON, [script, 'run', JSON.stringify(order)], { encoding: 'utf8' }));

  const apart = [
    differing(own.mask, readFileSync(join(folder, 'plain.raw'))),
    differing(own.mask, readFileSync(join(folder, 'torch.raw'))),
  ];
  const model = readModel(readFileSync(join(folder, UNET_ID, 'model.onnx')));
  const floor = ((operationsPerVoxel(model) ?? 0) * SIDE ** 3 * starts.length) / peak;
  return [
    ratioRow(
      'inferenceSpeed: U-Net',
      own.seconds,
      `plain onnxruntime-node (${plain.seconds.toFixed(1)} s)`,
      plain.seconds,
      0.5,
    ),
    ratioRow(
      'inferenceSpeed: U-Net, beside PyTorch',
      own.seconds,
      `PyTorch (${torch.seconds.toFixed(1)} s)`,
      torch.seconds,
      0.4,
    ),
    floorRow('inferenceSpeed: U-Net, beside the floor', own.seconds, floor, peak),
    firstLookRow('inferenceSpeed: U-Net, first look', own),
    memoryRow('inferenceSpeed: U-Net, memory beyond one window’s', own.peakBytes - alone.peakBytes, volume),
    memoryRow(
      'inferenceSpeed: U-Net, memory with doubt beyond one window’s',
      doubtful.peakBytes - aloneDoubtful.peakBytes,
      volume,
    ),
    doubtRow('inferenceSpeed: U-Net, with doubt', doubtful, own),
    {
      name: 'inferenceSpeed: U-Net, voxels that differ',
      value: 100 * Math.max(...apart),
      unit: '%',
      peer: 'masks of both peers',
      ratio: null,
      goal: `≤ ${100 * SAME_MASK} %`,
      met: apart.every((share) => share <= SAME_MASK),
    },
  ];
}

async function wholeHead(folder: string, peak: number): Promise<BenchResult[]> {
  const id = 'model18cls';
  await convertNetwork(sharedData(`brain-models/${id}`), join(folder, id));
  const file = join(folder, 'head.nii');
  writeFileSync(file, gunzipSync(readFileSync(sharedData('brain-models/t1_crop.nii.gz'))));
  const volume = readNifti(readFileSync(file));
  const own = await throughEngine(folder, id, volume, 'MR');
  const doubtful = await throughEngine(folder, id, volume, 'MR', 'required');
  const plain = plainly(join(folder, id), file, join(folder, 'plain.raw'));
  const apart = differing(own.mask, readFileSync(join(folder, 'plain.raw')));
  const model = readModel(readFileSync(join(folder, id, 'model.onnx')));
  const floor = ((operationsPerVoxel(model) ?? 0) * 256 ** 3) / peak;
  return [
    ratioRow(
      `inferenceSpeed: ${id}`,
      own.seconds,
      `plain onnxruntime-node (${plain.seconds.toFixed(1)} s)`,
      plain.seconds,
      0.5,
    ),
    floorRow(`inferenceSpeed: ${id}, beside the floor`, own.seconds, floor, peak),
    firstLookRow(`inferenceSpeed: ${id}, first look`, own),
    {
      name: `inferenceSpeed: ${id}, first look’s Dice`,
      value: own.agreement,
      unit: '',
      peer: 'the whole run’s mask',
      ratio: null,
      goal: '≥ 0.6',
      met: own.agreement >= 0.6,
    },
    peakRow(`inferenceSpeed: ${id}, memory`, own.peakBytes, plain.peakBytes),
    peakRow(`inferenceSpeed: ${id}, memory with doubt`, doubtful.peakBytes, plain.peakBytes),
    doubtRow(`inferenceSpeed: ${id}, with doubt`, doubtful, own),
    {
      name: `inferenceSpeed: ${id}, voxels that differ`,
      value: 100 * apart,
      unit: '%',
      peer: 'plain onnxruntime-node’s mask',
      ratio: null,
      goal: `≤ ${100 * SAME_MASK} %`,
      met: apart <= SAME_MASK,
    },
  ];
}

function ratioRow(name: string, value: number, peer: string, peerValue: number, most: number): BenchResult {
  const ratio = value / peerValue;
  return { name, value, unit: 's', peer, ratio, goal: `≤ ${most} ×`, met: ratio <= most };
}

function firstLookRow(name: string, own: { readonly seconds: number; readonly firstLook: number }): BenchResult {
  const peer = `the whole run (${own.seconds.toFixed(1)} s)`;
  return ratioRow(name, own.firstLook, peer, own.seconds, 0.1);
}

/** Of the whole process. */
function peakRow(name: string, bytes: number, plainBytes: number): BenchResult {
  const ratio = bytes / plainBytes;
  const peer = `plain onnxruntime-node (${(plainBytes / 1e9).toFixed(2)} GB)`;
  return { name, value: bytes / 1e9, unit: 'GB', peer, ratio, goal: '≤ 0.5 ×', met: ratio <= 0.5 };
}

interface Timed {
  readonly seconds: number;
}

/** Stated, without a goal: what a run from the window costs, which measures doubt, beside one that does not. */
function doubtRow(name: string, doubtful: Timed, own: Timed): BenchResult {
  const ratio = doubtful.seconds / own.seconds;
  const peer = `the run without (${own.seconds.toFixed(1)} s)`;
  return { name, value: doubtful.seconds, unit: 's', peer, ratio, goal: 'stated', met: true };
}

/** What a run holds besides the program and the network at work on one window, beside the volume in float32. */
function memoryRow(name: string, bytes: number, { scalars }: Volume): BenchResult {
  const peerBytes = 4 * scalars.length;
  const ratio = bytes / peerBytes;
  const peer = `the volume in float32 (${(peerBytes / 1e9).toFixed(2)} GB)`;
  return { name, value: bytes / 1e9, unit: 'GB', peer, ratio, goal: '≤ 2.5 ×', met: ratio <= 2.5 };
}

/** As many voxels as one window has; which ones does not matter for the memory. */
function oneWindow({ geometry, scalars }: Volume): Volume {
  return { geometry: { ...geometry, size: [SIDE, SIDE, SIDE] }, scalars: scalars.slice(0, SIDE ** 3) };
}

/** Stated, without a goal: what is left to gain. */
function floorRow(name: string, value: number, floor: number, peak: number): BenchResult {
  const peer = `operations ÷ ${(peak / 1e9).toFixed(0)} GFLOP/s (${floor.toFixed(1)} s)`;
  return { name, value, unit: 's', peer, ratio: value / floor, goal: 'stated', met: true };
}

async function throughEngine(
  folder: string,
  modelId: string,
  volume: Volume,
  modality: string,
  doubt: DoubtWish = 'no',
): Promise<{ seconds: number; firstLook: number; agreement: number; mask: Uint8Array; peakBytes: number }> {
  const service = new InferenceService({ modelFolders: [folder] });
  try {
    service.warmUp();
    await setTimeout(HAND_MS);
    const start = performance.now();
    let firstLook = Number.POSITIVE_INFINITY;
    const looks: CoarseAnswer[] = [];
    const onCoarse = (look: CoarseAnswer): void => {
      firstLook = (performance.now() - start) / 1000;
      looks.push(look);
    };
    const { labelmap } = await service.run(
      { modelId, volume, modality, provider: 'cpu', doubt, onCoarse },
      { signal: new AbortController().signal, progress: () => {} },
    );
    const seconds = (performance.now() - start) / 1000;
    if (!labelmap) throw new Error('the engine gave no mask');
    const [look] = looks;
    const agreement = look && coarseAgreement(look.labelmap, labelmap, volume.geometry, look.geometry.spacingMm);
    return {
      seconds,
      firstLook,
      agreement: agreement ?? 0,
      mask: bytesOf(labelmap.voxels),
      peakBytes: peakOfChildren(),
    };
  } finally {
    await service.close();
  }
}

function plainly(pack: string, volume: string, mask: string): { seconds: number; peakBytes: number } {
  const peer = fileURLToPath(new URL('peers/plainRuntime.ts', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [peer, pack, volume, mask], { encoding: 'utf8' }));
}

/** Linux: the largest peak among this process's children that still live. */
function peakOfChildren(): number {
  const peaks = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((pid) => pid !== '')
      .map((pid) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024),
  );
  return Math.max(...peaks);
}

function differing(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new Error('the masks are of different sizes');
  let count = 0;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) count++;
  return count / a.length;
}

/** The shared CT as a NIfTI file, by the program's own import and export. */
function ctVolume(folder: string): Uint8Array {
  const vault = join(folder, 'vault');
  const lantern = (...args: string[]): string => {
    const program = fileURLToPath(new URL('../main/cli/lantern.ts', import.meta.url));
    const result = spawnSync(process.execPath, [program, ...args, '--vault', vault, '--json'], {
      encoding: 'utf8',
      env: { ...process.env, LANTERN_PASSPHRASE: PASSPHRASE },
    });
    if (result.status !== 0) throw new Error(`lantern ${args[0]}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  };
  lantern('init');
  const { series } = JSON.parse(lantern('import', sharedData('ct-abdomen-ircad01/PATIENT_DICOM')));
  const file = join(folder, 'ct.nii.gz');
  lantern('volume', series[0], '--out', file);
  return gunzipSync(readFileSync(file));
}

function writeUnetPack(folder: string, id: string, output: Partial<ModelManifest['output']> = {}): ModelManifest {
  const pack = join(folder, id);
  mkdirSync(pack);
  const network = join(pack, 'model.onnx');
  const script = fileURLToPath(new URL('peers/unet3d.py', import.meta.url));
  execFileSync(PYTHON, [script, 'export', network], { stdio: ['ignore', 'ignore', 'inherit'] });
  const sha256 = createHash('sha256').update(readFileSync(network)).digest('hex');
  const code = {
    category: { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' },
    type: { value: '85756007', scheme: 'SCT', meaning: 'Tissue' },
  };
  const manifest: ModelManifest = {
    ...testManifest({
      id,
      name: 'U-Net of the benchmark',
      output,
      input: { orientation: 'LPS', normalisation: { kind: 'window', lower: -160, upper: 240 } },
      window: { size: [SIDE, SIDE, SIDE], overlap: 0.25, blending: 'gaussian' },
      files: [{ role: 'network', name: 'model.onnx', sha256 }],
    }),
    classes: Array.from({ length: 14 }, (_, value) =>
      value === 0 ? { value, name: 'Background' } : { value, name: `Class ${value}`, color: '#cc9966', codes: code },
    ),
  };
  writeFileSync(join(pack, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(pack, 'card.md'), '# U-Net of the benchmark\n');
  return manifest;
}

/** The best of several large matrix products. */
async function operationsPerSecond(): Promise<number> {
  const side = 1536;
  const builder = new ModelBuilder();
  builder.node('MatMul', ['a', 'b'], ['c']);
  const ends = ['a', 'b'].map((name) => ({ name, dims: [side, side] }));
  const origin = { producer: 'bench', producerVersion: '1', opset: 17, graphName: 'peak' };
  const network = writeModel(builder.build(ends, [{ name: 'c', dims: [side, side] }], origin));
  const session = await ort.InferenceSession.create(network);
  const matrix = new ort.Tensor('float32', new Float32Array(side * side).fill(0.5), [side, side]);
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 10; n++) {
    const start = performance.now();
    await session.run({ a: matrix, b: matrix });
    best = Math.min(best, performance.now() - start);
  }
  await session.release();
  return (2 * side ** 3) / (best / 1000);
}
