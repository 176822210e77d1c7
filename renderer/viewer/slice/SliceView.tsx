/**
 * One plane: the canvases of the image and the segments, the graphics above them, the words in the corners.
 * Drawing: slicePainter.ts. Hands: sliceGestures.ts. State: viewerStore.ts.
 */
import { useEffect, useRef } from 'react';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { words } from '../../words/index.ts';
import { mapNow, overlaysNow, subscribeOverlays } from '../overlaySource.ts';
import { currentTool } from '../tools/currentTool.ts';
import type { ToolPointer } from '../tools/Tool.ts';
import { useViewer } from '../viewerStore.ts';
import { CoarseNote } from './CoarseNote.tsx';
import { SliceCorners } from './SliceCorners.tsx';
import { SliceGraphics } from './SliceGraphics.tsx';
import classes from './slice.module.css';
import { SliceGestures } from './sliceGestures.ts';
import { SlicePainter } from './slicePainter.ts';
import { useElementSize } from './useElementSize.ts';

export interface SliceViewProps {
  readonly plane: Plane;
}

export function SliceView({ plane }: SliceViewProps) {
  const view = useRef<HTMLElement>(null);
  const image = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const ring = useRef<SVGCircleElement>(null);
  const painter = useRef<SlicePainter>(null);
  const size = useElementSize(view);
  const active = useViewer((state) => state.activeView === plane);
  const cursor = useViewer((state) => {
    const tool = currentTool();
    return tool?.id === state.toolId ? tool.cursor : 'default';
  });

  useEffect(() => {
    if (!view.current || !image.current || !overlay.current) return;
    const drawing = new SlicePainter(plane, image.current, overlay.current, overlaysNow, mapNow);
    painter.current = drawing;
    const gestures = new SliceGestures(view.current, plane, (pointer) => drawRing(ring.current, pointer));
    const stops = [useViewer.subscribe(drawing.schedule), subscribeOverlays(drawing.schedule)];
    return () => {
      for (const stop of stops) stop();
      gestures.dispose();
      drawing.dispose();
    };
  }, [plane]);

  useEffect(() => painter.current?.resize(size, size.ratio), [size]);

  return (
    <section
      ref={view}
      aria-label={words.viewer.views[plane]}
      className={classes['view']}
      data-view={plane}
      data-active={active || undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a view is worked with by keys (slices, tools)
      tabIndex={0}
      style={{ cursor }}
    >
      <canvas ref={image} className={classes['canvas']} aria-hidden />
      <canvas ref={overlay} className={classes['canvas']} aria-hidden />
      <SliceGraphics plane={plane} size={size} ring={ring} />
      <CoarseNote />
      <SliceCorners plane={plane} size={size} />
    </section>
  );
}

/** The circle that follows the pointer (brush), moved without React: it changes with every movement. */
function drawRing(circle: SVGCircleElement | null, pointer: ToolPointer | null): void {
  if (circle === null) return;
  const cursorRing = pointer === null ? null : (currentTool()?.cursorRing?.() ?? null);
  if (pointer === null || cursorRing === null) {
    circle.style.display = 'none';
    return;
  }
  circle.style.display = '';
  circle.setAttribute('cx', pointer.x.toFixed(1));
  circle.setAttribute('cy', pointer.y.toFixed(1));
  circle.setAttribute('r', Math.max(1, cursorRing.radiusMm / pointer.mmPerPixel).toFixed(1));
  circle.setAttribute('stroke', cursorRing.color);
  circle.setAttribute('stroke-dasharray', cursorRing.dashed ? '4 3' : 'none');
}
