import { describe, expect, it } from 'vitest';
import { seededRandom } from '../phantom/seededRandom.ts';
import { testHead } from './testHead.ts';
import { testManifest } from './testManifest.ts';
import { voxelGate } from './voxelGate.ts';

const HEAD = testHead();
const TRAINING = { population: 'Heads.', cases: null, source: 'Tests.' };
const headModel = testManifest({ modality: 'MR', training: { ...TRAINING, anatomy: 'head' } });
/** The same head as a CT shows it: air, soft tissue, nothing in between. */
const CT_LIKE = { ...HEAD, scalars: Int16Array.from(HEAD.scalars, (x) => (x > 45 ? 20 + (x >> 2) : -1000 + x)) };
const reversed = { ...HEAD, scalars: Int16Array.from(HEAD.scalars).reverse() };

const codes = (...how: Parameters<typeof voxelGate>): string[] => voxelGate(...how).map(({ code }) => code);

describe('the voxels before a run', () => {
  it('bring no warning for a good head, nor for models that state nothing', () => {
    expect(codes(headModel, HEAD, 'MR')).toEqual([]);
    expect(codes(headModel, HEAD, 'OT')).toEqual([]);
    expect(codes(testManifest({ modality: 'MR' }), reversed, 'MR')).toEqual([]);
  });

  it('warn in words of a head that lies upside down', () => {
    const [warning] = voxelGate(headModel, reversed, 'MR');
    expect(warning?.code).toBe('model/head-upside-down');
    expect(warning?.message).toContain('upside down');
  });

  it('refuse a CT’s values for an MR model where the file says nothing, and warn where it says MR', () => {
    expect(() => voxelGate(headModel, CT_LIKE, 'OT')).toThrow('its values are those of a CT');
    expect(() => voxelGate(headModel, CT_LIKE, '')).toThrow('its values are those of a CT');
    expect(codes(headModel, CT_LIKE, 'MR')).toContain('model/looks-like-ct');
  });

  it('warn of values that are no Hounsfield units for a CT model, and take those that are', () => {
    const ct = testManifest({ modality: 'CT' });
    expect(codes(ct, HEAD, 'OT')).toEqual(['model/not-hounsfield']);
    expect(codes(ct, CT_LIKE, 'CT')).toEqual([]);
    expect(codes(testManifest({ modality: 'any' }), HEAD, 'OT')).toEqual([]);
  });

  it('warn of intensities unlike those that the pack states', () => {
    const random = seededRandom(3);
    const normal = Float32Array.from({ length: 30_000 }, () => 500 + 80 * random.gauss());
    const intensity = [
      { percent: 5, least: -1.7, most: -1.5 },
      { percent: 50, least: -0.1, most: 0.1 },
    ];
    const input = { normalisation: { kind: 'z-score', over: 'volume' } } as const;
    const manifest = testManifest({ modality: 'MR', input, training: { ...TRAINING, intensity } });
    const geometry = { ...HEAD.geometry, size: [30, 50, 20] as const };
    expect(codes(manifest, { geometry, scalars: normal }, 'MR')).toEqual([]);
    const padded = normal.map((x, n) => (n % 3 === 0 ? x : 0));
    expect(codes(manifest, { geometry, scalars: padded }, 'MR')).toEqual(['model/unlike-training']);
  });
});
