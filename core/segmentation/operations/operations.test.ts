import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta, revertDelta } from '../delta.ts';
import { drawing, drawn, plainGeometry } from '../gridDrawing.ts';
import type { Labelmap } from '../labelmap.ts';
import { newSegment } from '../segmentEdits.ts';
import { writeMaskFor } from '../writeMask.ts';
import { operations } from './index.ts';
import { type OperationInput, type ParameterValues, runOperation } from './operation.ts';

const size = [7, 6, 5] as const;
const spacingMm = [1, 1.5, 2] as const;
const count = 210;
const labels = fc.array(fc.constantFrom(0, 0, 1, 1, 2, 3), { minLength: count, maxLength: count });
const values = fc.array(fc.integer({ min: -1000, max: 1500 }), { minLength: count, maxLength: count });
const segments = [1, 2, 3].map((number) => ({ ...newSegment([]), number, locked: number === 2 }));

function operation(id: string) {
  return operations.find((o) => o.id === id)!;
}

function input(labelmap: Labelmap, change: Partial<OperationInput> = {}): OperationInput {
  const mask = writeMaskFor(segments, 1, { overwrite: 'unlocked' });
  const geometry = plainGeometry(labelmap.size, spacingMm);
  return { labelmap, target: 1, geometry, scalars: null, other: null, mask, ...change };
}

function result(
  id: string,
  labelmap: Labelmap,
  parameters: ParameterValues = {},
  change: Partial<OperationInput> = {},
) {
  const after = { size: labelmap.size, voxels: labelmap.voxels.slice() };
  applyDelta(after, runOperation(operation(id), input(labelmap, change), parameters));
  return after;
}

describe.each(operations.map((o) => [o.id] as const))('%s', (id) => {
  it('does not change its input, leaves locked labels, writes only the target, and undo restores exactly', () => {
    fc.assert(
      fc.property(labels, values, (voxels, scalars) => {
        const labelmap = { size, voxels: Uint8Array.from(voxels) };
        const change = { scalars: Int16Array.from(scalars), other: { labelmap, number: 3 } };
        const delta = runOperation(operation(id), input(labelmap, change));
        expect(labelmap.voxels).toEqual(Uint8Array.from(voxels));
        const after = { size, voxels: labelmap.voxels.slice() };
        applyDelta(after, delta);
        for (let o = 0; o < count; o++) {
          if (voxels[o] === 2 || after.voxels[o] === 2) expect(after.voxels[o]).toBe(voxels[o]);
          if (after.voxels[o] !== voxels[o]) expect(after.voxels[o] === 1 || voxels[o] === 1).toBe(true);
        }
        revertDelta(after, delta);
        expect(after.voxels).toEqual(labelmap.voxels);
      }),
      { numRuns: 60 },
    );
  });

  it('does nothing to an empty segment unless it reads the image or another segment', () => {
    const labelmap = drawn('33\n3.');
    const change = { scalars: new Int16Array(4), other: { labelmap, number: 2 } };
    expect(drawing(result(id, labelmap, {}, change))).toBe('33\n3.');
  });

  it('refuses parameters that it does not have', () => {
    const change = { scalars: new Int16Array(1), other: { labelmap: drawn('1'), number: 1 } };
    expect(() => runOperation(operation(id), input(drawn('1'), change), { nonsense: 1 })).toThrow(
      expect.objectContaining({ code: 'argument/invalid-parameter' }),
    );
  });
});

it('thresholds with both bounds included', () => {
  const scalars = Int16Array.from([99, 100, 200, 201]);
  expect(drawing(result('threshold', drawn('1...'), { lower: 100, upper: 200 }, { scalars }))).toBe('.11.');
  const added = result('threshold', drawn('1...'), { lower: 100, upper: 200, keep: 'add' }, { scalars });
  expect(drawing(added)).toBe('111.');
});

it('fills holes in a slice and in space', () => {
  const ring = drawn('111\n1.1\n111');
  expect(drawing(result('fillHoles', ring, { dimensions: '2d' }))).toBe('111\n111\n111');
  // Seen in space, the first and the last slice are open to the outside.
  expect(drawing(result('fillHoles', ring, { dimensions: '3d' }))).toBe('111\n1.1\n111');
  expect(drawing(result('fillHoles', drawn('111\n1..\n111'), { dimensions: '2d' }))).toBe('111\n1..\n111');
});

it('keeps the largest island', () => {
  expect(drawing(result('keepLargestIsland', drawn('11..1\n11...\n...11')))).toBe('11...\n11...\n.....');
});

it('removes islands by volume and keeps those of exactly that volume', () => {
  // A voxel has 1 × 1.5 × 2 = 3 mm³.
  const removed = result('removeSmallIslands', drawn('11.1\n.1..'), { smallestMl: 0.009 });
  expect(drawing(removed)).toBe('11..\n.1..');
});

it('grows and shrinks by exact millimetres, like a search over all voxels', () => {
  fc.assert(
    fc.property(labels, fc.double({ min: -4, max: 4, noNaN: true }), (voxels, marginMm) => {
      fc.pre(Math.abs(marginMm) > 1e-3);
      const labelmap = { size, voxels: Uint8Array.from(voxels, (v) => (v === 1 ? 1 : 0)) };
      const after = result('margin', labelmap, { marginMm });
      const at = (o: number) => [(o % 7) * 1, (Math.floor(o / 7) % 6) * 1.5, Math.floor(o / 42) * 2] as const;
      const looked = marginMm > 0 ? 1 : 0;
      for (let o = 0; o < count; o++) {
        let nearest = Number.POSITIVE_INFINITY;
        for (let p = 0; p < count; p++) {
          if (labelmap.voxels[p] !== looked) continue;
          nearest = Math.min(nearest, Math.hypot(...at(o).map((x, axis) => x - at(p)[axis]!)));
        }
        if (Math.abs(nearest - Math.abs(marginMm)) < 1e-4) continue;
        expect(after.voxels[o]).toBe(marginMm > 0 ? Number(nearest < marginMm) : Number(nearest > -marginMm));
      }
    }),
    { numRuns: 40 },
  );
});

it('smooths by the majority of a box', () => {
  const bump = drawn('.....\n..1..\n11111\n11111\n11111');
  const change = { geometry: plainGeometry(bump.size) };
  expect(drawing(result('smooth', bump, { widthMm: 2, method: 'median' }, change)).split('\n')[1]).toBe('.....');
});

it('combines two segments', () => {
  const labelmap = drawn('11...');
  const change = { other: { labelmap: drawn('.44..'), number: 4 } };
  expect(drawing(result('combine', labelmap, { mode: 'union' }, change))).toBe('111..');
  expect(drawing(result('combine', labelmap, { mode: 'intersection' }, change))).toBe('.1...');
  expect(drawing(result('combine', labelmap, { mode: 'difference' }, change))).toBe('1....');
});

it('fills between slices with an outline that goes over from one to the other', () => {
  const labelmap = drawn('.....\n.111.\n.....\n\n.....\n.....\n.....\n\n.....\n.111.\n.....');
  expect(drawing(result('fillBetweenSlices', labelmap)).split('\n\n')[1]).toBe('.....\n.111.\n.....');
});

it('finds bone by its cortex and leaves contrast medium, calcifications and the table', () => {
  const n = [60, 60, 12] as const;
  const scalars = new Int16Array(60 * 60 * 12).fill(-1000);
  const put = (x0: number, x1: number, y0: number, y1: number, hu: number) => {
    for (let k = 0; k < 12; k++)
      for (let j = y0; j <= y1; j++) for (let i = x0; i <= x1; i++) scalars[i + 60 * (j + 60 * k)] = hu;
  };
  put(5, 54, 5, 45, 40);
  put(20, 30, 20, 30, 800);
  put(22, 28, 22, 28, 220);
  put(40, 48, 20, 28, 350);
  put(5, 54, 54, 55, 900);
  const labelmap = { size: n, voxels: new Uint8Array(scalars.length) };
  const after = result('ctBone', labelmap, {}, { scalars, geometry: plainGeometry(n) });
  const at = (i: number, j: number) => after.voxels[i + 60 * (j + 60 * 6)];
  expect([at(20, 20), at(25, 25), at(44, 24), at(30, 54), at(10, 10)]).toEqual([1, 1, 0, 0, 0]);
});
