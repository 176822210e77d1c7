/** Lines over a slice: crosshair in the planes' colours, measurements, scale bar, the brush's ring. SVG, CSS pixels. */
import type { RefObject } from 'react';
import { PLANES, type Plane, planeAxes } from '#core/geometry/anatomicalAxes.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { indexToSlicePixel } from '#core/rendering/sliceLayout.ts';
import { MeasurementShapes } from '../measurements/MeasurementShapes.tsx';
import { shownSlice, useViewer } from '../viewerStore.ts';
import { scaleBar } from './scaleBar.ts';
import classes from './slice.module.css';
import { sliceTransform, toScreen, type ViewSize } from './sliceTransform.ts';

/** The crosshair leaves the place it marks free, and the letters and texts at the edges. */
const GAP_PX = 9;
const EDGE_PX = 26;

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
            d={line(y, size.height, 'V', (at) => `M${x} ${at}`)}
            stroke={`var(--${planeAlong(layout.axes.right.axis)})`}
          />
          <path
            d={line(x, size.width, 'H', (at) => `M${at} ${y}`)}
            stroke={`var(--${planeAlong(layout.axes.down.axis)})`}
          />
        </g>
      )}
      <MeasurementShapes plane={plane} layout={layout} index={index} transform={transform} size={size} />
      <path className={classes['rim']} d={bar.path} />
      <path className={classes['scaleBar']} d={bar.path} />
      <circle ref={ring} className={classes['ring']} style={{ display: 'none' }} />
    </svg>
  );
}

/** Both halves of a crosshair line, from edge to edge of the view as far as they go. */
function line(middle: number, length: number, draw: 'H' | 'V', start: (at: number) => string): string {
  const [near, far] = [Math.min(middle - GAP_PX, length - EDGE_PX), Math.max(middle + GAP_PX, EDGE_PX)];
  const before = near > EDGE_PX ? `${start(EDGE_PX)}${draw}${near}` : '';
  const after = far < length - EDGE_PX ? `${start(far)}${draw}${length - EDGE_PX}` : '';
  return before + after;
}
