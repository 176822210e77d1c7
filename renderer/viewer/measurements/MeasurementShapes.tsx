/** The measurements that lie in the slice shown: lines, handles and figures. SVG, CSS pixels. */
import type { Measurement } from '#contract/schemas.ts';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { dot, worldPoint } from '#core/geometry/points.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { indexToSlicePixel, planeNormal, type SliceLayout } from '#core/rendering/sliceLayout.ts';
import { editorTools } from '../../editor/tools/index.ts';
import { type SliceTransform, toScreen, type ViewSize } from '../slice/sliceTransform.ts';
import { useViewer } from '../viewerStore.ts';
import { figuresInWords } from './figuresInWords.ts';
import { useMeasurements } from './measurementStore.ts';
import classes from './measurements.module.css';

export interface MeasurementShapesProps {
  readonly plane: Plane;
  readonly layout: SliceLayout;
  readonly index: number;
  readonly transform: SliceTransform;
  readonly size: ViewSize;
}

type ScreenPoint = readonly [x: number, y: number];

export function MeasurementShapes({ plane, layout, index, transform, size }: MeasurementShapesProps) {
  const volume = useViewer((state) => state.volume);
  const unit = useViewer((state) => state.detail?.volume.unit ?? '');
  // Under a brush a measurement must not catch the stroke.
  const isEditable = useViewer((state) => !editorTools.some(({ id }) => id === state.toolId));
  const list = useMeasurements((state) => state.list);
  const draft = useMeasurements((state) => state.draft);
  const selectedId = useMeasurements((state) => state.selectedId);
  if (volume === null) return null;
  const normal = planeNormal(volume.geometry, plane);
  const all = draft === null ? list : [...list, draft];
  return all.map((measurement) => {
    if (Math.abs(dot(measurement.normalLps, normal)) < 0.999) return null;
    const pixels = measurement.pointsLps.map((p) =>
      indexToSlicePixel(layout, worldToIndex(volume.geometry, worldPoint(...p))),
    );
    if (pixels.some(([, , slice]) => Math.abs(slice - index) > 0.5)) return null;
    const points = pixels.map(([column, row]) => toScreen(transform, column, row));
    return (
      <Shape
        key={measurement.id}
        measurement={measurement}
        points={points}
        lines={figuresInWords(measurement, unit)}
        isSelected={measurement.id === selectedId || measurement === draft}
        isEditable={isEditable && measurement !== draft}
        size={size}
      />
    );
  });
}

interface ShapeProps {
  readonly measurement: Measurement;
  readonly points: readonly ScreenPoint[];
  readonly lines: readonly string[];
  readonly isSelected: boolean;
  readonly isEditable: boolean;
  readonly size: ViewSize;
}

function Shape({ measurement, points, lines, isSelected, isEditable, size }: ShapeProps) {
  const d = outline(measurement.kind, points);
  const [x, y] = labelPlace(points, lines, size);
  return (
    <g
      className={classes['shape']}
      data-selected={isSelected || undefined}
      style={{ color: measurement.color }}
      data-editable={isEditable || undefined}
    >
      <path className={classes['rim']} d={d} />
      <path className={classes['line']} d={d} />
      {/* A wide, unseen line, so that a thin one is easy to take hold of. */}
      <path className={classes['grip']} d={d} data-measurement={measurement.id} />
      {points.map(([cx, cy], n) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is known by its place in the measurement
          key={n}
          className={classes['handle']}
          cx={cx}
          cy={cy}
          r={4}
          data-measurement={measurement.id}
          data-point={n}
        />
      ))}
      <text className={classes['figures']} x={x} y={y}>
        {lines.map((line, n) => (
          <tspan key={line} x={x} dy={n === 0 ? 0 : '1.35em'}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  );
}

function outline(kind: Measurement['kind'], points: readonly ScreenPoint[]): string {
  const [a, b] = points;
  if (a === undefined) return '';
  if (kind === 'point') return `M${a[0] - 7} ${a[1]}H${a[0] + 7}M${a[0]} ${a[1] - 7}V${a[1] + 7}`;
  if (b === undefined) return '';
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  if (kind === 'rectangle') return `M${left} ${top}H${right}V${bottom}H${left}Z`;
  if (kind === 'ellipse') {
    const [rx, ry, middle] = [(right - left) / 2, (bottom - top) / 2, (top + bottom) / 2];
    return `M${left} ${middle}A${rx} ${ry} 0 0 1 ${right} ${middle}A${rx} ${ry} 0 0 1 ${left} ${middle}Z`;
  }
  return `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`;
}

/** To the right of the measurement, unless that is outside of the view. */
function labelPlace(
  points: readonly ScreenPoint[],
  lines: readonly string[],
  { width, height }: ViewSize,
): ScreenPoint {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const textWidth = 7 * Math.max(...lines.map((line) => line.length), 0);
  const right = Math.max(...xs) + 10;
  const x = right + textWidth > width - 26 ? Math.min(...xs) - 10 - textWidth : right;
  const y = Math.max(30, Math.min(height - 30 - 16 * lines.length, (Math.min(...ys) + Math.max(...ys)) / 2));
  return [Math.max(4, x), y];
}
