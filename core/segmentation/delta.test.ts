import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyDelta, countChanges, diffLabelmaps, revertDelta } from './delta.ts';
import { decodeDelta, encodeDelta } from './deltaCoding.ts';
import { drawing, drawn } from './gridDrawing.ts';
import type { Labelmap } from './labelmap.ts';
import { RunRecorder } from './runRecorder.ts';

const size = [5, 4, 3] as const;
const voxels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 60, maxLength: 60 });
const labelmap = voxels.map((v): Labelmap => ({ size, voxels: Uint8Array.from(v) }));

it('applies and reverts exactly, and keeps its meaning through its bytes', () => {
  fc.assert(
    fc.property(labelmap, labelmap, (before, after) => {
      const delta = decodeDelta(encodeDelta(diffLabelmaps(before, after)));
      const work = { size, voxels: before.voxels.slice() };
      applyDelta(work, delta);
      expect(work.voxels).toEqual(after.voxels);
      revertDelta(work, delta);
      expect(work.voxels).toEqual(before.voxels);
    }),
  );
});

it('refuses a labelmap that is not what it expects, and writes nothing then', () => {
  fc.assert(
    fc.property(labelmap, labelmap, fc.nat(59), (before, after, at) => {
      const delta = diffLabelmaps(before, after);
      fc.pre(before.voxels[at] !== after.voxels[at]);
      const work = { size, voxels: before.voxels.slice() };
      work.voxels[at] = 7;
      const untouched = work.voxels.slice();
      expect(() => applyDelta(work, delta)).toThrow(expect.objectContaining({ code: 'segmentation/delta-mismatch' }));
      expect(() => revertDelta(work, delta)).toThrow(expect.objectContaining({ code: 'segmentation/delta-mismatch' }));
      expect(work.voxels).toEqual(untouched);
    }),
  );
});

it('keeps different old labels inside of one painted stretch', () => {
  const before = drawn('.1122.');
  const delta = diffLabelmaps(before, drawn('333333'));
  expect([...delta.runs]).toEqual([0, 1, 0, 3, 1, 2, 1, 3, 3, 2, 2, 3, 5, 1, 0, 3]);
  applyDelta(before, delta);
  revertDelta(before, delta);
  expect(drawing(before)).toBe('.1122.');
  expect(countChanges(delta)).toEqual(new Map([[3, 6], [1, -2], [2, -2]])); // biome-ignore format: one line
});

it('knows the box of what changes', () => {
  const before = drawn('....\n....\n\n....\n....');
  expect(diffLabelmaps(before, drawn('....\n.1..\n\n....\n...1')).box).toEqual({ min: [1, 1, 0], max: [3, 1, 1] });
  expect(diffLabelmaps(before, before).box).toBeNull();
});

it('sorts and joins runs that were recorded in any order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(60).keys()]), (order) => {
      const recorder = new RunRecorder();
      const work = { size, voxels: new Uint8Array(60) };
      for (const o of order) recorder.push(o, 1, 0, 2);
      const delta = recorder.finish(size);
      applyDelta(work, delta);
      expect([...work.voxels.keys()].filter((o) => work.voxels[o] === 2)).toEqual([...order].sort((a, b) => a - b));
      for (let r = 4; r < delta.runs.length; r += 4) {
        expect(delta.runs[r]!).toBeGreaterThan(delta.runs[r - 4]! + delta.runs[r - 3]!);
      }
    }),
  );
});

it('refuses every damaged or foreign byte string without a crash', () => {
  const good = encodeDelta(diffLabelmaps(drawn('..1\n2.1'), drawn('111\n222')));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bad = good.slice();
      bad[at]! ^= flip;
      try {
        decodeDelta(bad);
      } catch (error) {
        expect(error).toMatchObject({ code: 'segmentation/bad-packet' });
      }
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        decodeDelta(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'segmentation/bad-packet' });
      }
    }),
  );
});

it('refuses another grid and a label that the layer cannot hold', () => {
  const delta = diffLabelmaps(drawn('...'), drawn('1..'));
  expect(() => applyDelta(drawn('....'), delta)).toThrow(expect.objectContaining({ code: 'segmentation/wrong-grid' }));
  const wide = new RunRecorder();
  wide.push(0, 1, 0, 300);
  expect(() => applyDelta(drawn('...'), wide.finish([3, 1, 1]))).toThrow(
    expect.objectContaining({ code: 'segmentation/label-too-large' }),
  );
});
