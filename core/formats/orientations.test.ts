import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Vector3 } from '../geometry/points.ts';
import { worldPoint } from '../geometry/points.ts';
import { ORIENTATIONS } from '../geometry/testOrientations.ts';
import { sameGrid, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Scalars, Volume } from '../volume/volume.ts';
import { readMetaImage } from './metaImage.ts';
import { readNifti, writeNifti } from './nifti.ts';
import { readNrrd, writeNrrd } from './nrrd.ts';

const DIRECTIONS = ORIENTATIONS.map(({ direction }) => direction);

function volumeWith(direction: VolumeGeometry['direction'], scalars?: Scalars): Volume {
  const size: Vector3 = [3, 4, 5];
  return {
    geometry: { size, spacingMm: [0.5, 1.25, 3], originLps: worldPoint(-11.5, 22.25, -333), direction },
    scalars: scalars ?? Int16Array.from({ length: 60 }, (_, n) => n * 17 - 500),
  };
}

function expectSame(read: Volume, written: Volume, toleranceMm = 1e-4): void {
  expect(sameGrid(read.geometry, written.geometry, toleranceMm)).toBe(true);
  expect(read.scalars).toEqual(written.scalars);
}

test('NIfTI and NRRD give back the same grid and values for all 48 orientations, plain and gzipped', () => {
  for (const direction of DIRECTIONS) {
    const volume = volumeWith(direction);
    for (const gzip of [false, true]) {
      expectSame(readNifti(writeNifti(volume, { gzip })), volume);
      expectSame(readNrrd(writeNrrd(volume, { gzip })), volume);
    }
  }
});

test('keeps oblique and sheared axes', () => {
  const unit = fc.double({ min: -1, max: 1, noNaN: true });
  const vector = fc
    .tuple(unit, unit, unit)
    .filter((v) => Math.hypot(...v) > 0.3)
    .map((v): Vector3 => {
      const l = Math.hypot(...v);
      return [v[0] / l, v[1] / l, v[2] / l];
    });
  const direction = fc.tuple(vector, vector, vector).filter(([a, b, c]) => Math.abs(determinant(a, b, c)) > 0.05);
  fc.assert(
    fc.property(direction, (axes) => {
      const volume = volumeWith(axes);
      expectSame(readNifti(writeNifti(volume)), volume, 1e-3);
      expectSame(readNrrd(writeNrrd(volume)), volume, 1e-9);
    }),
  );
});

test('keeps every scalar type', () => {
  const [direction] = DIRECTIONS;
  if (!direction) throw new Error('no orientation');
  const values = Array.from({ length: 60 }, (_, n) => n);
  for (const scalars of [
    Uint8Array.from(values),
    Int8Array.from(values),
    Uint16Array.from(values, (v) => v * 1000),
    Int16Array.from(values, (v) => v * -500),
    Int32Array.from(values, (v) => v * 1e6),
    Float32Array.from(values, (v) => v / 7),
  ]) {
    expectSame(readNifti(writeNifti(volumeWith(direction, scalars))), volumeWith(direction, scalars));
    expectSame(readNrrd(writeNrrd(volumeWith(direction, scalars))), volumeWith(direction, scalars));
  }
});

test('reads NRRD in RAS and MetaImage in LPS to the same place', () => {
  const data = String.fromCharCode(...Array.from({ length: 8 }, (_, n) => n));
  const nrrd = `NRRD0005\ntype: unsigned char\ndimension: 3\nspace: RAS\nsizes: 2 2 2\nspace directions: (0,2,0) (-3,0,0) (0,0,4)\nspace origin: (10,-20,30)\nencoding: raw\n\n${data}`;
  const meta = `ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementSpacing = 2 3 4\nOffset = -10 20 30\nTransformMatrix = 0 -1 0 1 0 0 0 0 1\nElementDataFile = LOCAL\n${data}`;
  const a = readNrrd(Buffer.from(nrrd, 'latin1'));
  const b = readMetaImage(Buffer.from(meta, 'latin1'));
  expect(a.geometry.originLps).toEqual([-10, 20, 30]);
  expect(a.geometry.direction[0][1]).toBe(-1);
  expect(a.geometry.direction[1][0]).toBe(1);
  expect(sameGrid(a.geometry, b.geometry)).toBe(true);
  expect([...a.scalars]).toEqual([...b.scalars]);
});

test('refuses a detached NRRD header, cut files and more than one volume, in words', () => {
  const [direction] = DIRECTIONS;
  if (!direction) throw new Error('no orientation');
  const nifti = writeNifti(volumeWith(direction));
  const nrrd = writeNrrd(volumeWith(direction));
  for (let end = 0; end < nifti.length; end += 7) expect(() => readNifti(nifti.subarray(0, end))).toThrow(/cut short/);
  for (let end = 0; end < nrrd.length; end += 7) expect(() => readNrrd(nrrd.subarray(0, end))).toThrow(/cut short/);
  const several = nifti.slice();
  new DataView(several.buffer).setInt16(40, 4, true);
  new DataView(several.buffer).setInt16(48, 2, true);
  expect(() => readNifti(several)).toThrow(/2 volumes/);
  const detached = 'NRRD0004\ntype: short\ndimension: 3\nsizes: 1 1 1\nencoding: raw\ndata file: other.raw\n\n';
  expect(() => readNrrd(Buffer.from(detached))).toThrow(/another file/);
});

test('damaged headers never bring anything but a sentence', () => {
  const [direction] = DIRECTIONS;
  if (!direction) throw new Error('no orientation');
  const nifti = writeNifti(volumeWith(direction));
  const nrrd = writeNrrd(volumeWith(direction));
  fc.assert(
    fc.property(fc.nat(351), fc.nat(255), fc.nat(nrrd.length - 1), (at, value, textAt) => {
      const a = nifti.slice();
      a[at] = value;
      const b = nrrd.slice();
      b[textAt] = value;
      for (const read of [() => readNifti(a), () => readNrrd(b)]) {
        try {
          read();
        } catch (error) {
          expect(error).toHaveProperty('hint');
        }
      }
    }),
  );
});

const PYTHON = '/usr/bin/python3';
const hasNibabel = (() => {
  try {
    execFileSync(PYTHON, ['-c', 'import nibabel'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasNibabel) console.warn('SKIPPED: python3 with nibabel is not installed; NIfTI is not compared with it');

test.skipIf(!hasNibabel)('nibabel reads our 48 files to the same affine and array, and we read what it writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantern-nifti-'));
  try {
    const affines = DIRECTIONS.map((direction, n) => {
      const volume = volumeWith(direction);
      writeFileSync(join(folder, `${n}.nii`), writeNifti(volume));
      const { spacingMm: s, originLps: o } = volume.geometry;
      // LPS to RAS: x and y change sign.
      return [0, 1, 2].map((r) => {
        const sign = r < 2 ? -1 : 1;
        return [0, 1, 2].map((c) => sign * (direction[c]?.[r] ?? 0) * (s[c] ?? 0)).concat(sign * (o[r] ?? 0));
      });
    });
    writeFileSync(join(folder, 'affines.json'), JSON.stringify(affines));
    // Half a turn as a float32 quaternion is exact to 4e-4 only.
    const script = `
import json, sys, numpy as np, nibabel as nib
f = sys.argv[1]
for n, rows in enumerate(json.load(open(f + '/affines.json'))):
    image = nib.load(f'{f}/{n}.nii')
    affine = np.vstack([rows, [0, 0, 0, 1]])
    assert np.allclose(image.affine, affine, atol=1e-4), n
    assert np.allclose(image.get_qform(), affine, atol=2e-3), ('qform', n)
    data = np.asarray(image.dataobj)
    assert np.array_equal(data.ravel(order='F'), np.arange(60) * 17 - 500), n
    for kind, cls in (('q', nib.Nifti1Image), ('2', nib.Nifti2Image)):
        out = cls(data, affine)
        if kind == 'q':
            out.set_sform(None, 0); out.set_qform(affine, 1)
        nib.save(out, f'{f}/{n}{kind}.nii.gz')
    nib.save(nib.Nifti1Image(data, affine), f'{f}/{n}s.nii')
    with open(f'{f}/{n}s.nii', 'r+b') as raw:
        raw.seek(112)
        raw.write(np.array([0.5, -10], '<f4').tobytes())
`;
    execFileSync(PYTHON, ['-c', script, folder]);
    for (const [n, direction] of DIRECTIONS.entries()) {
      for (const kind of ['q', '2']) {
        expectSame(readNifti(readFileSync(join(folder, `${n}${kind}.nii.gz`))), volumeWith(direction), 1e-3);
      }
      const scaled = readNifti(readFileSync(join(folder, `${n}s.nii`)));
      expect([...scaled.scalars]).toEqual(Array.from({ length: 60 }, (_, v) => (v * 17 - 500) * 0.5 - 10));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function determinant(a: Vector3, b: Vector3, c: Vector3): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
}
