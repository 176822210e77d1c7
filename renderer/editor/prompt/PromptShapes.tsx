/**
 * What was pointed at, over its slice: the mask dashed and hatched as everything that is not accepted, points inside (a cross in a disc)
 * and outside (a bar in a square), the box. SVG, CSS pixels. Next: promptStore.ts.
 */
import type { PromptPreview } from '#contract/schemas/prompt.ts';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import type { WorldPoint } from '#core/geometry/points.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { pixelsOfRuns } from '#core/prompt/pixelRuns.ts';
import { DASH_PX, HATCH_PERIOD_PX } from '#core/rendering/drawOverlay.ts';
import { type ClosedPath, outlinePaths } from '#core/rendering/outlinePaths.ts';
import { indexToSlicePixel, type SliceLayout } from '#core/rendering/sliceLayout.ts';
import { type SliceTransform, toScreen } from '../../viewer/slice/sliceTransform.ts';
import { useViewer } from '../../viewer/viewerStore.ts';
import { activeSegment, useEditor } from '../segmentationStore.ts';
import classes from './prompt.module.css';
import { usePrompt } from './promptStore.ts';

export interface PromptShapesProps {
  readonly plane: Plane;
  readonly layout: SliceLayout;
  readonly index: number;
  readonly transform: SliceTransform;
}

/** Where no segment is chosen yet. */
const NEW_COLOR = '#7fb0ff';

export function PromptShapes({ plane, layout, index, transform }: PromptShapesProps) {
  const isInHand = useViewer((state) => state.toolId === 'prompt' && state.mode === 'segment');
  const geometry = useViewer((state) => state.volume?.geometry);
  const { plane: pointed, points, box, drag, previews, isAsking } = usePrompt();
  const color = useEditor((state) => activeSegment(state)?.color ?? NEW_COLOR);
  if (!isInHand || !geometry) return null;
  const screen = (point: WorldPoint): readonly [number, number] => {
    const [column, row] = indexToSlicePixel(layout, worldToIndex(geometry, point));
    return toScreen(transform, column, row);
  };
  const isMine = pointed === plane;
  const preview = isMine ? previews.get(index) : undefined;
  const drawn = drag?.plane === plane && drag.index === index ? drag : null;
  const shown = drawn ?? (isMine && box?.index === index ? box : null);
  return (
    <g
      className={classes['shapes']}
      style={{ color }}
      data-prompt={plane}
      data-asking={(isMine && isAsking) || undefined}
    >
      {preview && <Mask preview={preview} transform={transform} id={`prompt-hatch-${plane}`} />}
      {shown && <Box from={screen(shown.cornersLps[0])} to={screen(shown.cornersLps[1])} />}
      {isMine &&
        points
          .filter((point) => point.index === index)
          .map(({ pointLps, inside }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: points are only appended and taken away
            <Point key={n} at={screen(pointLps)} isInside={inside} />
          ))}
    </g>
  );
}

function Mask({
  preview,
  transform: t,
  id,
}: {
  readonly preview: PromptPreview;
  readonly transform: SliceTransform;
  readonly id: string;
}) {
  const d = pathsOf(preview)
    .map((corners) => {
      const at: string[] = [];
      for (let n = 0; n < corners.length; n += 2) {
        const x = t.left + (corners[n] ?? 0) * t.scaleX;
        const y = t.top + (corners[n + 1] ?? 0) * t.scaleY;
        at.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
      }
      return `M${at.join('L')}Z`;
    })
    .join('');
  return (
    <>
      <defs>
        <pattern id={id} width={HATCH_PERIOD_PX} height={HATCH_PERIOD_PX} patternUnits="userSpaceOnUse">
          <path className={classes['hatch']} d={`M-1 ${HATCH_PERIOD_PX + 1}L${HATCH_PERIOD_PX + 1} -1`} />
        </pattern>
      </defs>
      <path d={d} fill={`url(#${id})`} fillRule="evenodd" />
      <path className={classes['rim']} d={d} />
      <path className={classes['outline']} d={d} strokeDasharray={DASH_PX.join(' ')} />
    </>
  );
}

/** Outlines cost more than drawing them, and zoom and pan leave them as they are. */
const outlines = new WeakMap<PromptPreview, readonly ClosedPath[]>();

function pathsOf(preview: PromptPreview): readonly ClosedPath[] {
  const known = outlines.get(preview);
  if (known) return known;
  const { width, height, runs } = preview;
  const paths = outlinePaths({ values: pixelsOfRuns(runs, width * height), width, height }, 1);
  outlines.set(preview, paths);
  return paths;
}

function Box({ from, to }: { readonly from: readonly [number, number]; readonly to: readonly [number, number] }) {
  const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  const d = `M${left} ${top}H${right}V${bottom}H${left}Z`;
  return (
    <>
      <path className={classes['rim']} d={d} />
      <path className={classes['box']} d={d} />
    </>
  );
}

function Point({ at: [x, y], isInside }: { readonly at: readonly [number, number]; readonly isInside: boolean }) {
  return (
    <g transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`} data-point={isInside ? 'inside' : 'outside'}>
      {isInside ? (
        <>
          <circle className={classes['inside']} r={6} />
          <path className={classes['sign']} d="M-3 0H3M0 -3V3" />
        </>
      ) : (
        <>
          <rect className={classes['outside']} x={-6} y={-6} width={12} height={12} rx={2} />
          <path className={classes['sign']} d="M-3 0H3" />
        </>
      )}
    </g>
  );
}
