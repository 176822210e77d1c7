/** View mode: grey window, slab, arrangement of the views, the 3D picture, the measurements. */

import { MeasurementList } from '../measurements/MeasurementList.tsx';
import { VolumeSection } from '../volume3d/VolumeSection.tsx';
import { GeometrySection } from './GeometrySection.tsx';
import { LayoutSection } from './LayoutSection.tsx';
import { SlabSection } from './SlabSection.tsx';
import { WindowSection } from './WindowSection.tsx';

export function ViewPanel() {
  return (
    <>
      <GeometrySection />
      <WindowSection />
      <SlabSection />
      <LayoutSection />
      <VolumeSection />
      <MeasurementList />
    </>
  );
}
