/** Taking hold of a measurement: a point moves it alone, the line moves all of it. One drag is one step of history. LPS mm. */
import type { Measurement } from '#contract/schemas/measurement.ts';
import type { ToolPointer } from '../tools/Tool.ts';
import {
  commitMeasurement,
  dragPoint,
  moveMeasurement,
  selectMeasurement,
  useMeasurements,
} from './measurementStore.ts';

/** A shorter drag is a click. */
const CLICK_PX = 3;

export interface MeasurementGrip {
  readonly id: string;
  /** null: the line. */
  readonly point: number | null;
  /** The voxel axis along which the point may go; null: freely. */
  readonly axis: 0 | 1 | 2 | null;
}

/** @returns what of a measurement lies there, if anything (MeasurementShapes.tsx marks its elements) */
export function measurementGrip(target: EventTarget | null): MeasurementGrip | null {
  if (!(target instanceof SVGElement)) return null;
  const { measurement, point, axis } = target.dataset;
  if (measurement === undefined) return null;
  const along = ([0, 1, 2] as const).find((each) => String(each) === axis) ?? null;
  return { id: measurement, point: point === undefined ? null : Number(point), axis: along };
}

export class MeasurementDrag {
  readonly #grip: MeasurementGrip;
  readonly #before: Measurement | undefined;
  readonly #from: ToolPointer;
  #hasLeft = false;

  constructor(grip: MeasurementGrip, from: ToolPointer) {
    this.#grip = grip;
    this.#from = from;
    this.#before = current(grip.id);
    selectMeasurement(grip.id);
  }

  move({ pointLps, x, y }: ToolPointer): void {
    // A click chooses; a hand that trembles moves nothing.
    this.#hasLeft ||= Math.hypot(x - this.#from.x, y - this.#from.y) >= CLICK_PX;
    if (!this.#hasLeft) return;
    const { id, point, axis } = this.#grip;
    if (point !== null) dragPoint(id, point, pointLps, axis);
    else if (this.#before !== undefined) moveMeasurement(this.#before, this.#from.pointLps, pointLps);
  }

  end(): void {
    const after = current(this.#grip.id);
    if (this.#before !== undefined && after !== undefined && after !== this.#before)
      commitMeasurement(this.#before, after);
  }

  cancel(): void {
    if (this.#before === undefined) return;
    const { list } = useMeasurements.getState();
    useMeasurements.setState({ list: list.map((m) => (m.id === this.#grip.id ? (this.#before ?? m) : m)) });
  }
}

function current(id: string): Measurement | undefined {
  return useMeasurements.getState().list.find((m) => m.id === id);
}
