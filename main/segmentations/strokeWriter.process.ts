/**
 * A process for tests to kill: opens a vault and commits edits for ever, the n-th of which paints voxel n. A line on standard
 * output acknowledges what was answered. Arguments: folder, passphrase, id of the segmentation.
 */
import { writeSync } from 'node:fs';
import { encodeEdit } from '../../core/segmentation/editPacket.ts';
import { RunRecorder } from '../../core/segmentation/runRecorder.ts';
import { unlockVault } from '../vault/vault.ts';
import { SegmentationService } from './segmentationService.ts';

const [folder = '', passphrase = '', id = ''] = process.argv.slice(2);
const vault = await unlockVault(folder, { passphrase });
const service = new SegmentationService(vault, {
  bounds: { stepsPerSnapshot: 7, bytesPerSnapshot: 1e6, mostBytes: 6000 },
});
const { geometry, voxels, revision } = await service.get(id);
writeSync(1, 'open\n');
for (let n = voxels['1'] ?? 0, at = revision; ; n++, at++) {
  const recorder = new RunRecorder();
  recorder.push(n, 1, 0, 1);
  const deltas = [{ layer: 0, delta: recorder.finish(geometry.size) }];
  const edit = { code: 'brush', label: 'Brush', source: 'manual' as const, segmentsBefore: null, segmentsAfter: null };
  await service.commit(id, at, encodeEdit({ ...edit, deltas }));
  writeSync(1, `${n + 1}\n`);
}
