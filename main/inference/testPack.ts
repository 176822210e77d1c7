/** Writes a model pack with a small real network for tests, and a volume to run it on. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldPoint } from '#core/geometry/points.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { testManifest } from '#core/inference/testManifest.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';

/** @param network default: marks what is brighter than 100 */
export function writeTestPack(
  parent: string,
  id: string,
  changes: Parameters<typeof testManifest>[0] = {},
  network: Uint8Array = thresholdNetwork(100),
): ModelManifest {
  const folder = join(parent, id);
  mkdirSync(folder, { recursive: true });
  const sha256 = createHash('sha256').update(network).digest('hex');
  const manifest = { ...testManifest(changes), id, files: [{ role: 'network', name: 'model.onnx', sha256 }] as const };
  writeFileSync(join(folder, 'model.onnx'), network);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'card.md'), `# ${id}\n`);
  return manifest;
}

/** The same pack with a network for each fold, as `model.onnx`, `fold-1.onnx` … */
export function writeFoldPack(
  parent: string,
  id: string,
  networks: readonly Uint8Array[],
  changes: Parameters<typeof testManifest>[0] = {},
): ModelManifest {
  const manifest = writeTestPack(parent, id, changes, networks[0]);
  const files = networks.map((network, fold) => {
    const name = fold === 0 ? 'model.onnx' : `fold-${fold}.onnx`;
    writeFileSync(join(parent, id, name), network);
    return { role: 'network', name, sha256: createHash('sha256').update(network).digest('hex') } as const;
  });
  const whole = { ...manifest, files };
  writeFileSync(join(parent, id, 'manifest.json'), JSON.stringify(whole));
  return whole;
}

/** A cube of 4 voxels with value 200 in a volume of 0, at (2, 3, 4). */
export function cubeVolume(side = 16): Volume {
  const scalars = new Int16Array(side ** 3);
  for (let k = 4; k < 8; k++)
    for (let j = 3; j < 7; j++) for (let i = 2; i < 6; i++) scalars[i + side * (j + side * k)] = 200;
  return {
    geometry: {
      size: [side, side, side],
      spacingMm: [0.7, 0.9, 2],
      originLps: worldPoint(10, -20, 30),
      direction: [
        [0, 1, 0],
        [0, 0, -1],
        [-1, 0, 0],
      ],
    },
    scalars,
  };
}

export interface TestContext extends JobContext {
  readonly phases: string[];
  abort(): void;
}

/** @param onProgress called with the phase at each report */
export function testContext(onProgress: (phase: string) => void = () => {}): TestContext {
  const controller = new AbortController();
  const phases: string[] = [];
  return {
    signal: controller.signal,
    phases,
    abort: () => controller.abort(new Error('a person cancelled')),
    progress(_done, _total, _unit, phase) {
      phases.push(phase);
      onProgress(phase);
    },
  };
}
