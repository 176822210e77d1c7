/** Plan mode of this version: says that planning comes later; measurements are here already. */
import { IconRoute } from '@tabler/icons-react';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { words } from '../../words/index.ts';
import { MeasurementList } from '../measurements/MeasurementList.tsx';
import { GeometrySection } from './GeometrySection.tsx';

export function PlanPanel() {
  const w = words.viewer.plan;
  return (
    <>
      <GeometrySection />
      <PanelSection title={w.section}>
        <EmptyState icon={IconRoute} sentence={w.sentence} detail={w.detail} />
      </PanelSection>
      <MeasurementList />
    </>
  );
}
