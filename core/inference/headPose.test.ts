import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';
import { headPose } from './headPose.ts';
import { orientVolume } from './orient.ts';
import { testHead } from './testHead.ts';

const HEAD = testHead();

describe('how a head lies', () => {
  it('is as its header says, whatever order its array has', () => {
    expect(headPose(HEAD)).toBe('as-stated');
    for (const to of ['RAS', 'LIA', 'IRP']) expect(headPose(oriented(HEAD, to))).toBe('as-stated');
  });

  it('is upside down when the slices are stored in the other order', () => {
    expect(headPose(misread(HEAD, 'LPI'))).toBe('upside-down');
    // Turned by 180° about the left–right axis.
    expect(headPose(misread(HEAD, 'LAI'))).toBe('upside-down');
  });

  it('is back to front when the rows are', () => {
    expect(headPose(misread(HEAD, 'LAS'))).toBe('back-to-front');
    expect(headPose(misread(HEAD, 'RAS'))).toBe('back-to-front');
  });

  it('has exchanged axes when the array was transposed', () => {
    for (const to of ['PLS', 'SPL', 'LSP', 'LSA', 'PSL', 'SLP']) {
      expect([to, headPose(misread(HEAD, to))]).toEqual([to, 'axes-exchanged']);
    }
  });

  it('cannot be told from its mirror image', () => {
    expect(headPose(misread(HEAD, 'RPS'))).toBe('as-stated');
  });

  it('is not decided for a part of a head, nor without an image', () => {
    expect(headPose(cut(HEAD, [0, 0, 24], [56, 64, 12]))).toBe('undecided');
    expect(headPose(cut(HEAD, [20, 20, 20], [12, 14, 10]))).toBe('undecided');
    expect(headPose({ ...HEAD, scalars: new Int16Array(HEAD.scalars.length) })).toBe('undecided');
    const broken = Float32Array.from(HEAD.scalars).fill(Number.NaN, 5000, 90_000);
    expect(headPose({ ...HEAD, scalars: broken })).toBe('undecided');
  });

  it('is not asked of what is as wide as a trunk', () => {
    const geometry = { ...HEAD.geometry, spacingMm: [8, 8, 6] as const };
    expect(headPose({ ...HEAD, geometry })).toBe('not-a-head');
  });
});

function oriented({ geometry, scalars }: Volume, to: string): Volume {
  return orientVolume({ geometry, scalars }, orientRecordOf(to, geometry.size));
}

/** The array in another order under a header that knows nothing of it. @param to where the new axes of the array grow to */
function misread(volume: Volume, to: string): Volume {
  const { geometry, scalars } = oriented(volume, to);
  return { geometry: { ...volume.geometry, size: geometry.size, spacingMm: geometry.spacingMm }, scalars };
}

function orientRecordOf(to: string, size: Vector3) {
  const letters = ['LR', 'PA', 'SI'];
  const axes = [...to].map((letter) => letters.findIndex((pair) => pair.includes(letter)));
  return {
    step: 'orient',
    from: 'LPS',
    to,
    axes: axes as unknown as readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2],
    flipped: [...to].map((letter) => 'RAI'.includes(letter)) as [boolean, boolean, boolean],
    size,
  } as const;
}

function cut({ geometry, scalars }: Volume, [i0, j0, k0]: Vector3, size: Vector3): Volume {
  const [ni, nj] = geometry.size;
  const part = new Int16Array(size[0] * size[1] * size[2]);
  let o = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++) part[o++] = scalars[i0 + i + ni * (j0 + j + nj * (k0 + k))] ?? 0;
  return { geometry: { ...geometry, size }, scalars: part };
}
