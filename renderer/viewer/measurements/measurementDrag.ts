/** Taking hold of a measurement: a point moves it alone, the line selects it. One drag is one step of history. LPS mm. */
import type { Measurement } from '#contract/schemas.ts';
import type { ToolPointer } from '../tools/Tool.ts';
import { commitMeasurement, dragPoint, selectMeasurement, useMeasurements } from './measurementStore.ts';

export interface MeasurementGrip {
  readonly id: string;
  /** null: the line. */
  readonly point: number | null;
}

/** @returns what of a measurement lies there, if anything (MeasurementShapes.tsx marks its elements) */
export function measurementGrip(target: EventTarget | null): MeasurementGrip | null {
  if (!(target instanceof SVGElement)) return null;
  const { measurement, point } = target.dataset;
  if (measurement === undefined) return null;
  return { id: measurement, point: point === undefined ? null : Number(point) };
}

export class MeasurementDrag {
  readonly #grip: MeasurementGrip;
  readonly #before: Measurement | undefined;

  constructor(grip: MeasurementGrip) {
    this.#grip = grip;
    this.#before = current(grip.id);
    selectMeasurement(grip.id);
  }

  move({ pointLps }: ToolPointer): void {
    if (this.#grip.point !== null) dragPoint(this.#grip.id, this.#grip.point, pointLps);
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
