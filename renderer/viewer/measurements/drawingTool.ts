/**
 * The state machine that all measuring tools share: press, drag, release; or click, move, click. Made into a tool by each file
 * of tools/. Points are LPS mm, in the plane of the slice they were drawn on.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Measurement } from '#contract/schemas/measurement.ts';
import { planeNormal } from '#core/rendering/sliceLayout.ts';
import { words } from '../../words/index.ts';
import type { Tool, ToolPointer } from '../tools/Tool.ts';
import { useViewer } from '../viewerStore.ts';
import { figuresNow } from './figuresNow.ts';
import { commitMeasurement, setDraft, useMeasurements } from './measurementStore.ts';

export const MEASUREMENT_COLOR = '#6fd3e8';
/** A shorter drag is a click. */
const CLICK_PX = 4;

interface Drawing {
  readonly draft: Measurement;
  /** Points that stay where they are; the one after them follows the pointer. */
  readonly placed: number;
}

export interface DrawingKind {
  readonly kind: Measurement['kind'];
  readonly points: 1 | 2 | 3;
}

/** @returns the pointer handlers of a tool that draws measurements of this kind */
export function drawingTool({
  kind,
  points,
}: DrawingKind): Pick<Tool, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onCancel'> {
  let drawing: Drawing | null = null;

  const follow = (pointer: ToolPointer): void => {
    if (drawing === null) return;
    const pointsLps = drawing.draft.pointsLps.slice(0, drawing.placed);
    const [x, y, z] = pointer.pointLps;
    pointsLps.push([x, y, z]);
    drawing = { ...drawing, draft: remeasured({ ...drawing.draft, pointsLps }) };
    setDraft(drawing.draft);
  };
  const place = (): void => {
    if (drawing === null) return;
    if (drawing.placed + 1 < points) {
      drawing = { ...drawing, placed: drawing.placed + 1 };
      return;
    }
    const { draft } = drawing;
    drawing = null;
    setDraft(null);
    commitMeasurement(null, draft);
  };

  return {
    onPointerDown(pointer) {
      if (drawing !== null && drawing.draft.normalLps.join() !== normalOf(pointer).join()) drawing = null;
      if (drawing === null) {
        const draft = newMeasurement(kind, pointer);
        drawing = { draft, placed: points === 1 ? 0 : 1 };
        setDraft(draft);
        if (points === 1) place();
        return;
      }
      follow(pointer);
    },
    onPointerMove: follow,
    onPointerUp(pointer) {
      if (drawing === null) return;
      follow(pointer);
      // A release where the point before it was set places nothing: the next one is clicked then, not dragged.
      if (isApart(drawing.draft, pointer.mmPerPixel)) place();
    },
    onCancel() {
      drawing = null;
      setDraft(null);
    },
  };
}

/** Whether the point that follows has left the one before it. */
function isApart({ pointsLps }: Measurement, mmPerPixel: number): boolean {
  const [a, b] = pointsLps.slice(-2);
  if (a === undefined || b === undefined) return false;
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) >= CLICK_PX * mmPerPixel;
}

function normalOf({ plane }: ToolPointer): readonly number[] {
  const { volume } = useViewer.getState();
  return volume === null ? [] : planeNormal(volume.geometry, plane);
}

function newMeasurement(kind: Measurement['kind'], pointer: ToolPointer): Measurement {
  const { seriesId } = useMeasurements.getState();
  const [x = 0, y = 0, z = 1] = normalOf(pointer);
  const [px, py, pz] = pointer.pointLps;
  return remeasured({
    id: uuidv7(),
    seriesId,
    kind,
    pointsLps: [[px, py, pz]],
    normalLps: [x, y, z],
    label: nextName(kind),
    color: MEASUREMENT_COLOR,
    values: {},
    createdAt: new Date().toISOString(),
  });
}

/** "Length 3": the first number that no measurement of this kind has. */
function nextName(kind: Measurement['kind']): string {
  const taken = new Set(useMeasurements.getState().list.map(({ label }) => label));
  const name = (n: number): string => `${words.viewer.measurements.kinds[kind]} ${n}`;
  let n = 1;
  while (taken.has(name(n))) n++;
  return name(n);
}

function remeasured(measurement: Measurement): Measurement {
  return { ...measurement, values: figuresNow(measurement) };
}
