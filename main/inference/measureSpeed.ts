/**
 * What this machine's processor computes on a trial network of three-dimensional convolutions, in the form in which the engine runs
 * such networks, in a process of its own. Prints one line of JSON and ends. Next: speedTrial.ts, which starts it.
 */
import { writeSync } from 'node:fs';
import ort from 'onnxruntime-node';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { operationsPerVoxel } from '#core/onnx/operationsPerVoxel.ts';
import { readModel } from '#core/onnx/readModel.ts';
import { LoadedNetwork } from './LoadedNetwork.ts';
import { createSession } from './session.ts';

export interface SpeedTrial {
  readonly operationsPerSecond: number;
}

/** Widths as in the fine levels of a U-Net, where most of its time goes; some tenths of a second altogether. */
const WIDTHS = [16, 32, 32];
const SIDE = 40;
const RUNS = 2;

export async function measureSpeed(): Promise<void> {
  const network = convolutionNetwork({ widths: WIDTHS, classes: 2 });
  const loaded = new LoadedNetwork(await createSession(network, 'cpu'), readModel(network), 'cpu');
  const input = Float32Array.from({ length: SIDE ** 3 }, (_, n) => ((n * 2654435761) % 4093) / 4093);
  const image = new ort.Tensor('float32', input, [1, 1, SIDE, SIDE, SIDE]);
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < RUNS; n++) {
    const { milliseconds } = await loaded.run(image, ['scores']);
    best = Math.min(best, milliseconds / 1000);
  }
  const operations = (operationsPerVoxel(readModel(network)) ?? 0) * SIDE ** 3;
  writeSync(1, `${JSON.stringify({ operationsPerSecond: operations / best } satisfies SpeedTrial)}\n`);
  process.exit(0);
}
