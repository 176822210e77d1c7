/**
 * The door through which every operation writes: from the mask that a segment should have to the delta that gets it there,
 * within what may be written. The labelmap is read only.
 */
import { type BinaryMask, visitRows } from './binaryMask.ts';
import type { LabelDelta } from './delta.ts';
import type { Labelmap } from './labelmap.ts';
import { RunRecorder } from './runRecorder.ts';
import { mayWrite, type WriteMask } from './writeMask.ts';

/** @param wanted where the segment should be, inside of its box; outside of the box nothing changes */
export function deltaToMask(labelmap: Labelmap, target: number, wanted: BinaryMask, mask: WriteMask): LabelDelta {
  const { voxels, size } = labelmap;
  const recorder = new RunRecorder();
  visitRows(size, wanted.box, (inGrid, inMask, length) => {
    for (let n = 0; n < length; n++) {
      const o = inGrid + n;
      const is = voxels[o]!;
      const should = wanted.voxels[inMask + n] === 1;
      if (should === (is === target) || !mayWrite(mask, voxels, o)) continue;
      recorder.push(o, 1, is, should ? target : 0);
    }
  });
  return recorder.finish(size);
}
