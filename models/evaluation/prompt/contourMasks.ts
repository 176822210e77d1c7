/**
 * The closed contours of a DICOM RTSTRUCT as masks on an axial grid: a voxel belongs to a structure when its centre lies in an odd
 * number of the contours of its slice. @see DICOM PS3.3 C.8.8.6 (ROI Contour Module)
 */
import dicomParser from 'dicom-parser';
import { worldPoint } from '../../../core/geometry/points.ts';
import { type VolumeGeometry, voxelCount, worldToIndex } from '../../../core/geometry/volumeGeometry.ts';

export function contourMasks(rtstruct: Uint8Array, geometry: VolumeGeometry): { name: string; voxels: Uint8Array }[] {
  const { elements } = dicomParser.parseDicom(rtstruct);
  const names = new Map(
    (elements['x30060020']?.items ?? []).map(({ dataSet }) => [
      dataSet?.string('x30060022') ?? '',
      dataSet?.string('x30060026') ?? '',
    ]),
  );
  return (elements['x30060039']?.items ?? []).map(({ dataSet }) => {
    const voxels = new Uint8Array(voxelCount(geometry));
    for (const contour of dataSet?.elements['x30060040']?.items ?? []) {
      if (contour.dataSet?.string('x30060042') !== 'CLOSED_PLANAR') continue;
      toggle(voxels, geometry, (contour.dataSet.string('x30060050') ?? '').split('\\').map(Number));
    }
    return { name: names.get(dataSet?.string('x30060084') ?? '') ?? '', voxels };
  });
}

/** @param xyz LPS mm, x, y, z in turn */
function toggle(voxels: Uint8Array, geometry: VolumeGeometry, xyz: readonly number[]): void {
  const points = Array.from({ length: Math.floor(xyz.length / 3) }, (_, n) =>
    worldToIndex(geometry, worldPoint(xyz[3 * n] ?? 0, xyz[3 * n + 1] ?? 0, xyz[3 * n + 2] ?? 0)),
  );
  const [ni, nj, nk] = geometry.size;
  const k = Math.round(points[0]?.[2] ?? -1);
  if (k < 0 || k >= nk) return;
  for (let j = 0; j < nj; j++) {
    const crossings: number[] = [];
    for (const [n, a] of points.entries()) {
      const b = points[(n + 1) % points.length] ?? a;
      if (a[1] <= j !== b[1] <= j) crossings.push(a[0] + ((j - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const to = Math.min(ni - 1, Math.ceil(crossings[c + 1] ?? 0) - 1);
      for (let i = Math.max(0, Math.ceil(crossings[c] ?? 0)); i <= to; i++) {
        const o = i + ni * (j + nj * k);
        voxels[o] = voxels[o] === 1 ? 0 : 1;
      }
    }
  }
}
