/** What stands for the image in the 3D view: at rest, and while the camera moves. */
import type vtkActor from '@kitware/vtk.js/Rendering/Core/Actor.js';
import type vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';

export type Prop = vtkActor | vtkVolume;

export interface ImageProps {
  readonly still: readonly Prop[];
  /** While the camera moves; empty: the same as at rest. */
  readonly moving: readonly Prop[];
  readonly isVolume: boolean;
}

export const NO_IMAGE: ImageProps = { still: [], moving: [], isVolume: false };
