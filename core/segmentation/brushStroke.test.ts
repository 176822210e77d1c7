import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { voxelMetric } from './brushShape.ts';
import { BrushStroke } from './brushStroke.ts';
import { applyDelta, revertDelta } from './delta.ts';
import { encodeDelta } from './deltaCoding.ts';
import { drawing, drawn, plainGeometry } from './gridDrawing.ts';
import { emptyLabelmap } from './labelmap.ts';
import { newSegment } from './segmentEdits.ts';
import { eraseMaskFor, writeMaskFor } from './writeMask.ts';

const everything = writeMaskFor([], 1, { overwrite: 'unlocked' });

/** The slow truth: distance in mm from each voxel centre to the line between the two points. */
function distanceMm(geometry: VolumeGeometry, p: Vector3, a: Vector3, b: Vector3): number {
  const [ii, jj, kk, ij, ik, jk] = voxelMetric(geometry);
  const inner = (u: Vector3, v: Vector3) =>
    ii * u[0] * v[0] + jj * u[1] * v[1] + kk * u[2] * v[2] +
    ij * (u[0] * v[1] + u[1] * v[0]) + ik * (u[0] * v[2] + u[2] * v[0]) + jk * (u[1] * v[2] + u[2] * v[1]); // biome-ignore format: the metric
  const minus = (u: Vector3, v: Vector3): Vector3 => [u[0] - v[0], u[1] - v[1], u[2] - v[2]];
  const d = minus(b, a);
  const u = minus(p, a);
  const t = inner(d, d) === 0 ? 0 : Math.min(1, Math.max(0, inner(u, d) / inner(d, d)));
  const rest: Vector3 = [u[0] - t * d[0], u[1] - t * d[1], u[2] - t * d[2]];
  return Math.sqrt(inner(rest, rest));
}

const size = [12, 11, 9] as const;
const point = fc.tuple(fc.double({ min: -2, max: 13, noNaN: true }), fc.double({ min: -2, max: 12, noNaN: true }), fc.double({ min: -2, max: 10, noNaN: true })); // biome-ignore format: one line
const geometry = fc
  .tuple(fc.double({ min: 0.4, max: 2, noNaN: true }), fc.double({ min: 0.4, max: 2, noNaN: true }), fc.double({ min: 0.4, max: 5, noNaN: true }), fc.double({ min: -0.4, max: 0.4, noNaN: true })) // biome-ignore format: one line
  .map(([x, y, z, tilt]): VolumeGeometry => {
    const plain = plainGeometry(size, [x, y, z]);
    return { ...plain, direction: [[1, 0, 0], [0, 1, 0], [0, Math.sin(tilt), Math.cos(tilt)]] }; // biome-ignore format: one line
  });

it('paints exactly the voxels within the radius of the line, on anisotropic and tilted grids', () => {
  fc.assert(
    fc.property(
      geometry,
      point,
      point,
      fc.double({ min: 5.1, max: 8, noNaN: true }),
      fc.boolean(),
      (g, a, b, radiusMm, isDisc) => {
        const labelmap = emptyLabelmap(size);
        const slice = Math.round(b[2]);
        const shape = { kind: isDisc ? ('disc' as const) : ('ball' as const), radiusMm, through: 2 as const };
        const stroke = new BrushStroke({ labelmap, geometry: g, label: 1, shape, mask: everything });
        if (isDisc) stroke.begin(indexPoint(a[0], a[1], slice));
        else stroke.begin(indexPoint(...a));
        stroke.extend(indexPoint(...b));
        const from: Vector3 = isDisc ? [a[0], a[1], slice] : a;
        const to: Vector3 = isDisc ? [b[0], b[1], slice] : b;
        for (let k = 0, o = 0; k < size[2]; k++) {
          for (let j = 0; j < size[1]; j++) {
            for (let i = 0; i < size[0]; i++, o++) {
              const distance = distanceMm(g, [i, j, k], from, to);
              if (Math.abs(distance - radiusMm) < 1e-6) continue;
              expect(labelmap.voxels[o], `${[i, j, k]}`).toBe(distance < radiusMm && (!isDisc || k === slice) ? 1 : 0);
            }
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

it('leaves no gap in a fast stroke, however thin the brush', () => {
  const labelmap = drawn('.........\n.........\n.........');
  const shape = { kind: 'disc' as const, radiusMm: 0.2, through: 2 as const };
  const stroke = new BrushStroke({
    labelmap,
    geometry: plainGeometry(labelmap.size),
    label: 1,
    shape,
    mask: everything,
  });
  stroke.begin(indexPoint(0, 1, 0));
  stroke.extend(indexPoint(8, 1, 0));
  expect(drawing(labelmap)).toBe('.........\n111111111\n.........');
});

it('commits what it painted, reverts exactly, and a cancelled stroke leaves nothing', () => {
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(2), { minLength: 1188, maxLength: 1188 }),
      (points, labels) => {
        const before = Uint8Array.from(labels);
        const labelmap = { size, voxels: before.slice() };
        const shape = { kind: 'ball' as const, radiusMm: 2, through: 2 as const };
        const options = { labelmap, geometry: plainGeometry(size), label: 1, shape, mask: everything };
        const run = (stroke: BrushStroke) =>
          points.map((p, n) => (n === 0 ? stroke.begin(indexPoint(...p)) : stroke.extend(indexPoint(...p))));
        const cancelled = new BrushStroke(options);
        run(cancelled);
        cancelled.cancel();
        expect(labelmap.voxels).toEqual(before);
        const stroke = new BrushStroke(options);
        run(stroke);
        const painted = labelmap.voxels.slice();
        const delta = stroke.commit();
        if (!delta) {
          expect(painted).toEqual(before);
          return;
        }
        revertDelta(labelmap, delta);
        expect(labelmap.voxels).toEqual(before);
        applyDelta(labelmap, delta);
        expect(labelmap.voxels).toEqual(painted);
      },
    ),
    { numRuns: 50 },
  );
});

it('keeps locked segments, the range of values, the inside of another segment, and what it may not overwrite', () => {
  const segments = [1, 2, 3].map((number) => ({ ...newSegment([]), number, locked: number === 2 }));
  const scalars = Int16Array.from([0, 50, 100, 150, 200, 250]);
  const paint = (rules: Parameters<typeof writeMaskFor>[2]) => {
    const labelmap = drawn('.2233.');
    const shape = { kind: 'disc' as const, radiusMm: 20, through: 2 as const };
    const mask = writeMaskFor(segments, 1, rules);
    new BrushStroke({ labelmap, geometry: plainGeometry(labelmap.size), label: 1, shape, mask }).begin(
      indexPoint(0, 0, 0),
    );
    return drawing(labelmap);
  };
  expect(paint({ overwrite: 'unlocked' })).toBe('122111');
  expect(paint({ overwrite: 'empty' })).toBe('122331');
  expect(paint({ overwrite: 'unlocked', range: { scalars, min: 0, max: 150 } })).toBe('12213.');
  expect(paint({ overwrite: 'unlocked', inside: { labelmap: drawn('...555'), number: 5 } })).toBe('.22111');
  expect(() => writeMaskFor(segments, 2, { overwrite: 'unlocked' })).toThrow(
    expect.objectContaining({ code: 'segmentation/locked' }),
  );
});

it('erases only the segment that is active', () => {
  const segments = [1, 3].map((number) => ({ ...newSegment([]), number }));
  const labelmap = drawn('1133');
  const shape = { kind: 'disc' as const, radiusMm: 20, through: 2 as const };
  const mask = eraseMaskFor(segments, 1);
  const stroke = new BrushStroke({ labelmap, geometry: plainGeometry(labelmap.size), label: 0, shape, mask });
  expect(stroke.begin(indexPoint(0, 0, 0))).toEqual({ min: [0, 0, 0], max: [1, 0, 0] });
  expect(drawing(labelmap)).toBe('..33');
});

it('works in proportion to the stroke, not to the volume', () => {
  const large = plainGeometry([512, 512, 300], [0.7, 0.7, 1]);
  const labelmap = emptyLabelmap(large.size);
  const shape = { kind: 'ball' as const, radiusMm: 8, through: 2 as const };
  const stroke = () => {
    const s = new BrushStroke({ labelmap, geometry: large, label: 1, shape, mask: everything });
    s.begin(indexPoint(200, 256, 150));
    for (let n = 1; n <= 30; n++) s.extend(indexPoint(200 + 3 * n, 256, 150));
    return s;
  };
  stroke().cancel();
  const delta = stroke().commit()!;
  // What a commit handles: thousands of runs and kilobytes, where the volume has 79 million voxels.
  expect(delta.runs.length / 4).toBeLessThan(3000);
  expect(encodeDelta(delta).length).toBeLessThan(20_000);
});
