/** The measurements that lie in the slice shown: lines, handles and figures. SVG, CSS pixels. */
import type { Measurement } from '#contract/schemas/measurement.ts';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { dot, worldPoint } from '#core/geometry/points.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { indexToSlicePixel, planeNormal, type SliceLayout } from '#core/rendering/sliceLayout.ts';
import { editorTools } from '../../editor/tools/index.ts';
import { isUncertain } from '../seriesNotes.ts';
import { type SliceTransform, toScreen, type ViewSize } from '../slice/sliceTransform.ts';
import { useViewer } from '../viewerStore.ts';
import { figuresInWords } from './figuresInWords.ts';
import { labelPlaces, type ScreenPoint } from './labelPlaces.ts';
import { type Handle, handlesOf } from './measurementHandles.ts';
import { useMeasurements } from './measurementStore.ts';
import classes from './measurements.module.css';

export interface MeasurementShapesProps {
  readonly plane: Plane;
  readonly layout: SliceLayout;
  readonly index: number;
  readonly transform: SliceTransform;
  readonly size: ViewSize;
}

/** Of the figures: see measurements.module.css. */
const CAPTION_PX = { character: 0.6, line: 1.35 };

export function MeasurementShapes({ plane, layout, index, transform, size }: MeasurementShapesProps) {
  const volume = useViewer((state) => state.volume);
  const unit = useViewer((state) => state.detail?.volume.unit ?? '');
  const warnings = useViewer((state) => state.detail?.series.warnings);
  // Under a brush a measurement must not catch the stroke.
  const isEditable = useViewer((state) => !editorTools.some(({ id }) => id === state.toolId));
  const list = useMeasurements((state) => state.list);
  const draft = useMeasurements((state) => state.draft);
  const selectedId = useMeasurements((state) => state.selectedId);
  if (volume === null) return null;
  const normal = planeNormal(volume.geometry, plane);
  const shapes = (draft === null ? list : [...list, draft]).flatMap((measurement) => {
    if (Math.abs(dot(measurement.normalLps, normal)) < 0.999) return [];
    const pixels = measurement.pointsLps.map((p) =>
      indexToSlicePixel(layout, worldToIndex(volume.geometry, worldPoint(...p))),
    );
    if (pixels.some(([, , slice]) => Math.abs(slice - index) > 0.5)) return [];
    const points = pixels.map(([column, row]) => toScreen(transform, column, row));
    const lines = figuresInWords(measurement, unit, isUncertain(measurement, warnings ?? [], volume.geometry));
    return [{ measurement, points, lines }];
  });
  const font = captionPx();
  const places = labelPlaces(
    shapes.map(({ points, lines }) => ({
      points,
      width: font * CAPTION_PX.character * Math.max(...lines.map((line) => line.length), 0),
      height: font * CAPTION_PX.line * lines.length,
    })),
    size,
  );
  return shapes.map(({ measurement, points, lines }, n) => (
    <Shape
      key={measurement.id}
      measurement={measurement}
      points={points}
      handles={handlesOf(measurement.kind, points, layout)}
      lines={lines}
      label={places[n] ?? null}
      font={font}
      isSelected={measurement.id === selectedId || measurement === draft}
      isEditable={isEditable && measurement !== draft}
    />
  ));
}

/** The size of the figures, which grows on large screens. */
function captionPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--text-caption')) + 1;
}

interface ShapeProps {
  readonly measurement: Measurement;
  readonly points: readonly ScreenPoint[];
  readonly handles: readonly Handle[];
  readonly lines: readonly string[];
  /** Top left corner of the figures; null: none. */
  readonly label: ScreenPoint | null;
  readonly font: number;
  readonly isSelected: boolean;
  readonly isEditable: boolean;
}

function Shape({ measurement, points, handles, lines, label, font, isSelected, isEditable }: ShapeProps) {
  const d = outline(measurement.kind, points);
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
      {handles.map(({ id, at: [cx, cy], point, axis }) => (
        <circle
          key={id}
          className={classes['handle']}
          cx={cx}
          cy={cy}
          r={4}
          data-measurement={measurement.id}
          data-point={point}
          data-axis={axis ?? undefined}
        />
      ))}
      {label !== null && (
        <text className={classes['figures']} x={label[0]} y={label[1] + font}>
          {lines.map((line, n) => (
            <tspan key={line} x={label[0]} dy={n === 0 ? 0 : `${CAPTION_PX.line}em`}>
              {line}
            </tspan>
          ))}
        </text>
      )}
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
