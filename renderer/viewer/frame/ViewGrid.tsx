/** The views in their grid. All stay mounted: a hidden view keeps its canvas and its WebGL context. */
import { PLANES } from '#core/geometry/anatomicalAxes.ts';
import { viewsOf } from '../layouts.ts';
import { SliceView } from '../slice/SliceView.tsx';
import { useViewer, VIEW_IDS } from '../viewerStore.ts';
import { VolumeView } from '../volume3d/VolumeView.tsx';
import classes from './frame.module.css';

export function ViewGrid() {
  const layout = useViewer((state) => state.layout);
  const order = viewsOf(layout);
  return (
    <div className={classes['grid']} data-arrangement={layout.arrangement}>
      {VIEW_IDS.map((view) => (
        <div
          key={view}
          className={classes['cell']}
          hidden={!order.includes(view)}
          style={{ order: order.indexOf(view) }}
          data-main={(layout.arrangement === 'focus' && view === layout.main) || undefined}
        >
          {view === 'volume' ? <VolumeView /> : <SliceView plane={PLANES.find((p) => p === view) ?? 'axial'} />}
        </div>
      ))}
    </div>
  );
}
