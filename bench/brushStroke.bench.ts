/**
 * The own work of one brush stroke on 512 × 512 × 300: editing the mask along 40 pointer samples with a 10 mm ball, the delta, the packet
 * that goes to the host, and its commit there (applied, written, synced). Peer: one copy of the whole mask, what work in proportion to
 * the volume would cost at the very least.
 */
import { indexPoint, worldPoint } from '../core/geometry/points.ts';
import type { VolumeGeometry } from '../core/geometry/volumeGeometry.ts';
import { BrushStroke } from '../core/segmentation/brushStroke.ts';
import { encodeEdit } from '../core/segmentation/editPacket.ts';
import { emptyLabelmap } from '../core/segmentation/labelmap.ts';
import { alternate, type Bench, timed } from './measurement.ts';

const ROUNDS = 31;
const SAMPLES = 40;
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

export const brushStroke: Bench = {
  name: 'brushStroke',
  async run() {
    const labelmap = emptyLabelmap(geometry.size);
    const mask = { replaceable: new Uint8Array(256).fill(1), range: null, inside: null };
    let round = 0;
    const stroke = async (kind: 'disc' | 'ball') => {
      const k = 20 + (round++ % 260);
      return timed(async () => {
        const brush = new BrushStroke({
          labelmap,
          geometry,
          label: 1 + (round % 3),
          shape: { kind, radiusMm: 10, through: 2 },
          mask,
        });
        brush.begin(indexPoint(150, 200, k));
        for (let sample = 1; sample < SAMPLES; sample++)
          brush.extend(indexPoint(150 + sample * 3, 200 + Math.sin(sample / 6) * 40, k));
        const delta = brush.commit();
        if (!delta) throw new Error('the stroke changed nothing');
        encodeEdit({
          code: 'brush',
          label: 'Brush',
          source: 'manual',
          segmentsBefore: null,
          segmentsAfter: null,
          deltas: [{ layer: 0, delta }],
        });
      });
    };
    const copy = () => timed(async () => labelmap.voxels.slice());
    for (let warm = 0; warm < 10; warm++) await stroke('ball');
    const results = [];
    for (const kind of ['disc', 'ball'] as const) {
      const ms = await alternate(ROUNDS, () => stroke(kind), copy);
      results.push({
        name: `brushStroke: ${kind}`,
        value: ms.own,
        unit: 'ms',
        peer: `copying the mask (${ms.peer.toFixed(1)} ms)`,
        ratio: ms.own / ms.peer,
        goal: '≤ 8 ms',
        met: ms.own <= 8,
      });
    }
    return results;
  },
};
