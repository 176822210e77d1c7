import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import { orientRecord, orientVolume } from '#core/inference/orient.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from './inferenceService.ts';
import { testContext } from './testPack.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/brain-models/', import.meta.url));
const PACK = fileURLToPath(new URL('../../test/packs/brain-tissue-meshnet/', import.meta.url));
const present = existsSync(DATA);
if (!present)
  process.stderr.write('\n*** SKIPPED: MeshNet on a real head; ../shared/data/brain-models is not here ***\n\n');

/** The file's own array with the affine that nibabel reads from it: LIA, 1 mm. */
function head(): Volume {
  const bytes = gunzipSync(readFileSync(join(DATA, 't1_crop.nii.gz')));
  return {
    geometry: {
      size: [256, 256, 256],
      spacingMm: [1, 1, 1],
      originLps: worldPoint(-127.6, 133.48, 134.48),
      direction: [
        [1, 0, 0],
        [0, 0, -1],
        [0, -1, 0],
      ],
    },
    scalars: new Uint8Array(bytes.subarray(352)),
  };
}

describe.skipIf(!present)('MeshNet on a real head', () => {
  it('counts what an independent run counts, and the same voxels when the head is stored in another order of axes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lantern-meshnet-'));
    const service = new InferenceService({ modelFolders: [folder] });
    try {
      cpSync(PACK, join(folder, 'brain-tissue-meshnet'), { recursive: true });
      copyFileSync(join(DATA, 'model5_gw_ae/model5_gw_ae.onnx'), join(folder, 'brain-tissue-meshnet/model.onnx'));
      const volume = head();
      const run = (v: Volume) =>
        service.run({ modelId: 'brain-tissue-meshnet', volume: v, modality: 'MR' }, testContext());
      const answer = await run(volume);
      const counts = [0, 0, 0];
      for (const label of answer.labelmap.voxels) counts[label] = (counts[label] ?? 0) + 1;
      // White and grey matter within 2 voxels: the runtime's rounding differs between kinds of processor.
      expect(Math.abs((counts[1] ?? 0) - 518_540)).toBeLessThanOrEqual(2);
      expect(Math.abs((counts[2] ?? 0) - 735_212)).toBeLessThanOrEqual(2);
      expect(answer.warnings).toEqual([]);
      expect(answer.segments.map((s) => s.name)).toEqual(['White matter', 'Grey matter']);
      process.stderr.write(
        `MeshNet: ${answer.seconds.toFixed(2)} s, of them ${answer.networkSeconds.toFixed(2)} s in session.run\n`,
      );

      const turn = orientRecord(volume.geometry, 'PSR');
      const turned = await run(orientVolume(volume, turn));
      const expected = orientVolume({ ...volume, scalars: answer.labelmap.voxels }, turn).scalars;
      expect(Buffer.from(turned.labelmap.voxels).equals(Buffer.from(expected as Uint8Array))).toBe(true);
    } finally {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
