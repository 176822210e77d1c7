/**
 * The measurements of the open case: shown at once, kept with the case through the host, undone and redone in this session.
 * Points are LPS mm. Next: core/measurement (the figures), drawingTool.ts (drawing), MeasurementShapes.tsx (the picture).
 */
import { create } from 'zustand';
import type { Measurement } from '#contract/schemas/measurement.ts';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import { indexPoint, type WorldPoint, worldPoint } from '#core/geometry/points.ts';
import { indexToWorld, type VolumeGeometry, worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { rpc } from '../../app/client.ts';
import { errorOf } from '../../app/errorOf.ts';
import { waitForMe } from '../../app/workOnItsWay.ts';
import { useViewer } from '../viewerStore.ts';
import { figuresNow } from './figuresNow.ts';

type Point = [number, number, number];

/** One step of the history; null where the measurement was not there. */
interface Step {
  readonly before: Measurement | null;
  readonly after: Measurement | null;
}

export interface Measurements {
  readonly seriesId: string;
  readonly list: readonly Measurement[];
  /** Being drawn; not kept yet. */
  readonly draft: Measurement | null;
  readonly selectedId: string | null;
  readonly undoSteps: readonly Step[];
  readonly redoSteps: readonly Step[];
  /** The last one that could not be kept. */
  readonly error: LanternErrorData | null;
}

const EMPTY: Measurements = {
  seriesId: '',
  list: [],
  draft: null,
  selectedId: null,
  undoSteps: [],
  redoSteps: [],
  error: null,
};

export const useMeasurements = create<Measurements>()(() => EMPTY);

export function loadMeasurements({ series, measurements }: SeriesDetail): void {
  useMeasurements.setState({ ...EMPTY, seriesId: series.id, list: measurements });
}

export function closeMeasurements(): void {
  useMeasurements.setState(EMPTY);
}

export function setDraft(draft: Measurement | null): void {
  useMeasurements.setState({ draft });
}

export function selectMeasurement(selectedId: string | null): void {
  useMeasurements.setState({ selectedId });
}

/**
 * Moves one point while it is dragged, without a step of history; {@link commitMeasurement} makes the step.
 * @param axis the voxel axis along which it may go; null: freely
 */
export function dragPoint(id: string, point: number, to: WorldPoint, axis: 0 | 1 | 2 | null): void {
  const { volume } = useViewer.getState();
  const moved = useMeasurements.getState().list.find((m) => m.id === id);
  if (volume === null || moved === undefined) return;
  const pointsLps = moved.pointsLps.map((p, n) => (n === point ? alongAxis(p, to, axis, volume.geometry) : p));
  show({ ...moved, pointsLps, values: figuresNow({ ...moved, pointsLps }) }, moved);
}

function alongAxis(from: Point, to: WorldPoint, axis: 0 | 1 | 2 | null, geometry: VolumeGeometry): Point {
  if (axis === null) return [to[0], to[1], to[2]];
  const [i, j, k] = worldToIndex(geometry, worldPoint(...from));
  const ijk: Point = [i, j, k];
  ijk[axis] = worldToIndex(geometry, to)[axis];
  const [x, y, z] = indexToWorld(geometry, indexPoint(...ijk));
  return [x, y, z];
}

/** Moves all of a measurement while it is dragged, without a step of history. @param before as it was when the drag began */
export function moveMeasurement(before: Measurement, from: WorldPoint, to: WorldPoint): void {
  const pointsLps = before.pointsLps.map(
    ([x, y, z]): Point => [x + to[0] - from[0], y + to[1] - from[1], z + to[2] - from[2]],
  );
  show({ ...before, pointsLps, values: figuresNow({ ...before, pointsLps }) }, before);
}

/** The whole image has arrived: what was drawn before it gets its values, and keeps them. No step of history. */
export function completeMeasurements(): void {
  const { list } = useMeasurements.getState();
  const completed = list.map((m): Measurement => {
    const values = figuresNow(m);
    return Object.keys(values).length > Object.keys(m.values).length ? { ...m, values } : m;
  });
  useMeasurements.setState({ list: completed });
  for (const [n, m] of completed.entries()) if (m !== list[n]) keep(list[n] ?? null, m);
}

/** Makes what was done a step that can be undone, and keeps it. */
export function commitMeasurement(before: Measurement | null, after: Measurement | null): void {
  show(after, before);
  useMeasurements.setState(({ undoSteps }) => ({ undoSteps: [...undoSteps, { before, after }], redoSteps: [] }));
  keep(before, after);
}

export function removeMeasurement(id: string): void {
  const measurement = useMeasurements.getState().list.find((m) => m.id === id);
  if (measurement !== undefined) commitMeasurement(measurement, null);
}

export function renameMeasurement(id: string, label: string): void {
  const measurement = useMeasurements.getState().list.find((m) => m.id === id);
  if (measurement !== undefined && measurement.label !== label)
    commitMeasurement(measurement, { ...measurement, label });
}

/** @returns whether there was a step */
export function undoMeasurement(): boolean {
  const { undoSteps, redoSteps } = useMeasurements.getState();
  const step = undoSteps.at(-1);
  if (step === undefined) return false;
  show(step.before, step.after);
  useMeasurements.setState({ undoSteps: undoSteps.slice(0, -1), redoSteps: [...redoSteps, step] });
  keep(step.after, step.before);
  return true;
}

/** @returns whether there was a step */
export function redoMeasurement(): boolean {
  const { undoSteps, redoSteps } = useMeasurements.getState();
  const step = redoSteps.at(-1);
  if (step === undefined) return false;
  show(step.after, step.before);
  useMeasurements.setState({ undoSteps: [...undoSteps, step], redoSteps: redoSteps.slice(0, -1) });
  keep(step.before, step.after);
  return true;
}

export function dismissMeasurementError(): void {
  useMeasurements.setState({ error: null });
}

function show(after: Measurement | null, before: Measurement | null): void {
  useMeasurements.setState(({ list, selectedId }) => {
    const id = after?.id ?? before?.id;
    const known = list.some((m) => m.id === id);
    if (after === null)
      return { list: list.filter((m) => m.id !== id), selectedId: selectedId === id ? null : selectedId };
    return { list: known ? list.map((m) => (m.id === id ? after : m)) : [...list, after], selectedId: after.id };
  });
}

/** One after the other: of two changes of one measurement the later must win. */
let keeping: Promise<void> = Promise.resolve();
waitForMe(() => keeping);

function keep(before: Measurement | null, after: Measurement | null): void {
  keeping = keeping.then(() => send(before, after));
}

async function send(before: Measurement | null, after: Measurement | null): Promise<void> {
  try {
    if (after !== null) await rpc.measurements.put(after);
    else if (before !== null) await rpc.measurements.remove({ id: before.id });
  } catch (error) {
    useMeasurements.setState({ error: errorOf(error).toJSON() });
  }
}
