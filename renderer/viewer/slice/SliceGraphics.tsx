/** Lines over a slice: crosshair in the planes' colours, measurements, what was pointed at, scale bar, the brush's ring. SVG, CSS pixels. */
import type { RefObject } from 'react';
import { PLANES, type Plane, planeAxes } from '#core/geometry/anatomicalAxes.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { indexToSlicePixel } from '#core/rendering/sliceLayout.ts';
import { PromptShapes } from '../../editor/prompt/PromptShapes.tsx';
import { RegionShape } from '../../editor/RegionShape.tsx';
import { MeasurementShapes } from '../measurements/MeasurementShapes.tsx';
import { shownSlice, useViewer } from '../viewerStore.ts';
import { scaleBar } from './scaleBar.ts';
import classes from './slice.module.css';
import { sliceTransform, toScreen, type ViewSize } from './sliceTransform.ts';

/** The crosshair leaves the place it marks free, and the letters and texts at the edges. */
const GAP_PX = 9;
const EDGE_PX = { left: 26, right: 42, top: 26, bottom: 26 };

export interface SliceGraphicsProps {
  readonly plane: Plane;
  readonly size: ViewSize;
  readonly ring: RefObject<SVGCircleElement | null>;
}

export function SliceGraphics({ plane, size, ring }: SliceGraphicsProps) {
  const volume = useViewer((state) => state.volume);
  const crosshairLps = useViewer((state) => state.crosshairLps);
  const crosshairShown = useViewer((state) => state.crosshairShown);
  const camera = useViewer((state) => state.cameras[plane]);
  const shown = shownSlice({ volume, crosshairLps }, plane);
  if (volume === null || shown === null || size.width === 0) return null;
  const { layout, index } = shown;
  const transform = sliceTransform(layout, size, camera);
  const [column, row] = indexToSlicePixel(layout, worldToIndex(volume.geometry, crosshairLps));
  const [x, y] = toScreen(transform, column, row).map((v) => Math.round(v) + 0.5) as [number, number];
  // The vertical line is the plane that is scrolled through along the screen's x, and so on.
  const planeAlong = (axis: number) => PLANES.find((p) => planeAxes(volume.geometry, p).through.axis === axis) ?? plane;
  const bar = scaleBar(transform, size);
  return (
    <svg className={classes['graphics']} width={size.width} height={size.height} aria-hidden>
      {crosshairShown && (
        <g className={classes['crosshair']}>
          <path
            d={halves(y, EDGE_PX.top, size.height - EDGE_PX.bottom, 'V', (at) => `M${x} ${at}`)}
            stroke={`var(--${planeAlong(layout.axes.right.axis)})`}
          />
          <path
            d={halves(x, EDGE_PX.left, size.width - EDGE_PX.right, 'H', (at) => `M${at} ${y}`)}
            stroke={`var(--${planeAlong(layout.axes.down.axis)})`}
          />
        </g>
      )}
      <MeasurementShapes plane={plane} layout={layout} index={index} transform={transform} size={size} />
      <RegionShape layout={layout} transform={transform} />
      <PromptShapes plane={plane} layout={layout} index={index} transform={transform} />
      <path className={classes['rim']} d={bar.path} />
      <path className={classes['scaleBar']} d={bar.path} />
      <circle ref={ring} className={classes['ring']} style={{ display: 'none' }} />
    </svg>
  );
}

/** Both halves of a crosshair line, from edge to edge as far as they go. */
function halves(middle: number, from: number, to: number, draw: 'H' | 'V', start: (at: number) => string): string {
  const near = Math.min(middle - GAP_PX, to);
  const far = Math.max(middle + GAP_PX, from);
  return (near > from ? `${start(from)}${draw}${near}` : '') + (far < to ? `${start(far)}${draw}${to}` : '');
}
