/** From Lantern's volumes and meshes to vtk.js objects. Coordinates: LPS mm on both sides. */
import '@kitware/vtk.js/Rendering/OpenGL/Profiles/Geometry.js';
import '@kitware/vtk.js/Rendering/OpenGL/Profiles/Volume.js';
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js';
import vtkPolyData from '@kitware/vtk.js/Common/DataModel/PolyData.js';
import vtkActor from '@kitware/vtk.js/Rendering/Core/Actor.js';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js';
import vtkMapper from '@kitware/vtk.js/Rendering/Core/Mapper.js';
import vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';
import { BlendMode } from '@kitware/vtk.js/Rendering/Core/VolumeMapper/Constants.js';
import vtkVolumeMapper from '@kitware/vtk.js/Rendering/Core/VolumeMapper.js';
import { rgbOfHex } from '#core/rendering/rgbaImage.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { VolumePreset } from './volumePresets.ts';

export interface SurfaceLook {
  /** "#rrggbb" */
  readonly color: string;
  readonly opacity: number;
}

export interface SurfaceGeometry {
  readonly positions: Float32Array;
  readonly triangles: Uint32Array;
  /** Unit normals, one a vertex. */
  readonly normals: Float32Array;
}

export function surfaceActor(surface: SurfaceGeometry, look: SurfaceLook): vtkActor {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(surface.positions, 3);
  const cells = new Uint32Array((surface.triangles.length / 3) * 4);
  for (let t = 0, c = 0; t < surface.triangles.length; ) {
    cells[c++] = 3;
    cells[c++] = surface.triangles[t++]!;
    cells[c++] = surface.triangles[t++]!;
    cells[c++] = surface.triangles[t++]!;
  }
  data.getPolys().setData(cells);
  const normals = vtkDataArray.newInstance({ name: 'Normals', numberOfComponents: 3, values: surface.normals });
  data.getPointData().setNormals(normals);
  const mapper = vtkMapper.newInstance({ scalarVisibility: false });
  mapper.setInputData(data);
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  dressSurface(actor, look);
  return actor;
}

export function dressSurface(actor: vtkActor, { color, opacity }: SurfaceLook): void {
  const [r, g, b] = rgbOfHex(color);
  const property = actor.getProperty();
  property.setColor(r / 255, g / 255, b / 255);
  property.setOpacity(opacity);
  property.setAmbient(0.08);
  property.setDiffuse(0.92);
  property.setSpecular(0.22);
  property.setSpecularPower(24);
}

export function volumeActor(volume: Volume, preset: VolumePreset, voxelsPerSample: number): vtkVolume {
  const { geometry, scalars } = volume;
  const image = vtkImageData.newInstance();
  image.setDimensions([...geometry.size]);
  image.setSpacing([...geometry.spacingMm]);
  const [x, y, z] = geometry.originLps;
  image.setOrigin([x, y, z]);
  // Columns of the matrix are the axes; vtk.js keeps it column by column.
  image.setDirection(...(geometry.direction.flat() as Parameters<typeof image.setDirection>));
  image.getPointData().setScalars(vtkDataArray.newInstance({ name: 'values', numberOfComponents: 1, values: scalars }));
  const mapper = vtkVolumeMapper.newInstance();
  mapper.setInputData(image);
  const step = Math.min(...geometry.spacingMm) * voxelsPerSample;
  mapper.setSampleDistance(step);
  const [a, b, c] = geometry.size.map((n, axis) => n * (geometry.spacingMm[axis] ?? 1)) as [number, number, number];
  mapper.setMaximumSamplesPerRay(Math.ceil(Math.hypot(a, b, c) / step) + 8);
  mapper.setBlendMode(preset.blend === 'maximum' ? BlendMode.MAXIMUM_INTENSITY_BLEND : BlendMode.COMPOSITE_BLEND);
  const actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  const colors = vtkColorTransferFunction.newInstance();
  for (const [value, ...rgb] of preset.colors) colors.addRGBPoint(value, ...rgb);
  const opacities = vtkPiecewiseFunction.newInstance();
  for (const [value, opacity] of preset.opacities) opacities.addPoint(value, opacity);
  property.setRGBTransferFunction(0, colors);
  property.setScalarOpacity(0, opacities);
  property.setScalarOpacityUnitDistance(0, step * 1.5);
  property.setInterpolationTypeToLinear();
  property.setShade(preset.shade);
  property.setAmbient(0.18);
  property.setDiffuse(0.85);
  property.setSpecular(0.25);
  property.setSpecularPower(20);
  return actor;
}
