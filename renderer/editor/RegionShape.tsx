/** Where the chosen network would look around the crosshair, over a slice: dashed, as nothing that is there. SVG, CSS pixels. */
import { indexPoint } from '#core/geometry/points.ts';
import { regionBox } from '#core/inference/regionAround.ts';
import { indexToSlicePixel, type SliceLayout } from '#core/rendering/sliceLayout.ts';
import { type SliceTransform, toScreen } from '../viewer/slice/sliceTransform.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { regionMmOf, useModels } from './aiStore.ts';
import classes from './prompt/prompt.module.css';

export interface RegionShapeProps {
  readonly layout: SliceLayout;
  readonly transform: SliceTransform;
}

export function RegionShape({ layout, transform }: RegionShapeProps) {
  const regionMm = useModels((state) => (state.isOpen ? regionMmOf(state, state.chosenId) : null));
  const isSegmenting = useViewer((state) => state.mode === 'segment');
  const geometry = useViewer((state) => state.volume?.geometry);
  const crosshairLps = useViewer((state) => state.crosshairLps);
  const box = regionMm && isSegmenting && geometry ? regionBox(geometry, regionMm, crosshairLps) : null;
  if (!box) return null;
  const corner = ([i, j, k]: readonly [number, number, number], out: number): readonly [number, number] => {
    const [column, row] = indexToSlicePixel(layout, indexPoint(i + out, j + out, k + out));
    return toScreen(transform, column, row);
  };
  // The outer edges of its voxels.
  const [[x0, y0], [x1, y1]] = [corner(box.min, -0.5), corner(box.max, 0.5)];
  const d = `M${Math.min(x0, x1)} ${Math.min(y0, y1)}H${Math.max(x0, x1)}V${Math.max(y0, y1)}H${Math.min(x0, x1)}Z`;
  return (
    <g data-region>
      <path className={classes['rim']} d={d} />
      <path className={classes['box']} d={d} />
    </g>
  );
}
