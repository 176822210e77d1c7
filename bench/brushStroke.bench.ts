/**
 * One brush stroke on 512 × 512 × 300, along 40 pointer samples with a radius of 10 mm, as a disc and as a ball.
 * The renderer's own work: editing the mask, the delta, and the packet that goes to the host. Peer: one copy of the whole mask, what work
 * in proportion to the volume would cost at the very least. "kept by the host": what follows behind the hand's back, until the stroke is
 * checked, applied, written and synced; peer: one small file written with one fsync to the same disk.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { indexPoint, worldPoint } from '../core/geometry/points.ts';
import type { VolumeGeometry } from '../core/geometry/volumeGeometry.ts';
import { BrushStroke } from '../core/segmentation/brushStroke.ts';
import { encodeEdit } from '../core/segmentation/editPacket.ts';
import { emptyLabelmap, type Labelmap } from '../core/segmentation/labelmap.ts';
import type { Segment } from '../core/segmentation/segment.ts';
import { newSegment } from '../core/segmentation/segmentEdits.ts';
import { SegmentationService } from '../main/segmentations/segmentationService.ts';
import { insertTestSeries } from '../main/segmentations/seriesForTests.ts';
import { temporaryVault } from '../main/vault/temporaryVault.ts';
import { alternate, type Bench, type BenchResult, timed } from './measurement.ts';

const ROUNDS = 31;
const SAMPLES = 40;
const LABELS = 3;
const geometry: VolumeGeometry = {
  size: [512, 512, 300],
  spacingMm: [0.7, 0.7, 1],
  originLps: worldPoint(0, 0, 0),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
const mask = { replaceable: new Uint8Array(256).fill(1), range: null, inside: null };
type Kind = 'disc' | 'ball';

export const brushStroke: Bench = {
  name: 'brushStroke',
  async run() {
    const labelmap = emptyLabelmap(geometry.size);
    // Into memory that is there: garbage of the peer would be collected in the strokes' time.
    const target = labelmap.voxels.slice();
    const copy = () => timed(async () => target.set(labelmap.voxels));
    let round = 0;
    for (let warm = 0; warm < 20; warm++) stroke(labelmap, warm % 2 ? 'ball' : 'disc', round++);
    const results: BenchResult[] = [];
    for (const kind of ['disc', 'ball'] as const) {
      const ms = await alternate(ROUNDS, () => timed(async () => stroke(labelmap, kind, round++)), copy);
      const peer = `copying the mask (${ms.peer.toFixed(1)} ms)`;
      results.push(row(`brushStroke: ${kind}`, ms, peer, 8));
    }
    return [...results, await keptByTheHost()];
  },
};

/** @returns the packet for the host */
function stroke(labelmap: Labelmap, kind: Kind, round: number): Uint8Array {
  const k = 20 + (round % 260);
  const shape = { kind, radiusMm: 10, through: 2 as const };
  const brush = new BrushStroke({ labelmap, geometry, label: 1 + (round % LABELS), shape, mask });
  brush.begin(indexPoint(150, 200, k));
  for (let sample = 1; sample < SAMPLES; sample++) {
    brush.extend(indexPoint(150 + sample * 3, 200 + Math.sin(sample / 6) * 40, k));
  }
  const delta = brush.commit();
  if (!delta) throw new Error('the stroke changed nothing');
  const edit = { code: 'brush', label: 'Brush', source: 'manual' as const, segmentsBefore: null, segmentsAfter: null };
  return encodeEdit({ ...edit, deltas: [{ layer: 0, delta }] });
}

async function keptByTheHost(): Promise<BenchResult> {
  const { vault, folder, dispose } = await temporaryVault();
  try {
    const service = new SegmentationService(vault);
    const seriesId = insertTestSeries(vault);
    const segments: Segment[] = [];
    for (let n = 0; n < LABELS; n++) segments.push(newSegment(segments));
    const layer = emptyLabelmap(geometry.size);
    const head = {
      seriesId,
      geometry,
      name: 'Strokes',
      state: 'accepted',
      origin: 'manual',
      provenance: null,
    } as const;
    let { id, revision } = await service.addResult({ ...head, segments, layers: [emptyLabelmap(geometry.size)] });
    const plain = openSync(join(folder, '..', 'plain'), 'w');
    const ms = await alternate(
      ROUNDS,
      async () => {
        const packet = stroke(layer, 'ball', revision);
        return timed(async () => {
          ({ revision } = await service.commit(id, revision, packet));
        });
      },
      () =>
        timed(async () => {
          writeSync(plain, new Uint8Array(9000));
          fsyncSync(plain);
        }),
    );
    closeSync(plain);
    await service.close();
    return row('brushStroke: ball, kept by the host', ms, `one fsync (${ms.peer.toFixed(1)} ms)`, 50);
  } finally {
    await dispose();
  }
}

function row(name: string, ms: { own: number; peer: number }, peer: string, mostMs: number): BenchResult {
  const met = ms.own <= mostMs;
  return { name, value: ms.own, unit: 'ms', peer, ratio: ms.own / ms.peer, goal: `≤ ${mostMs} ms`, met };
}
