/**
 * Where a place in the patient lies on the page, learned as a person learns it: by moving the pointer over a view and reading the
 * status line. LPS mm and CSS pixels of the page.
 */
import type { Vector3 } from '#core/geometry/points.ts';
import { type Session, until, type ViewName } from './session.ts';
import { statusText } from './workstation.ts';

export interface PagePoint {
  readonly x: number;
  readonly y: number;
}

export interface Aim {
  /** A place's point on the page; what lies through the slice is left out. */
  at(pointLps: Vector3): PagePoint;
  readonly pixelsPerMm: number;
}

/** Which of L, P, S grows along the page's x and y. */
const AXES = { Axial: [0, 1], Coronal: [0, 2], Sagittal: [1, 2] } as const;

/** @returns LPS mm under the pointer, read from the status line */
export async function placeUnderPointer(session: Session): Promise<Vector3> {
  const text = await until('a place in the status line', async () => {
    const status = await statusText(session);
    return / mm /.test(status) ? status : '';
  });
  const [, ...parts] = /([LR]) ([\d.]+) ([PA]) ([\d.]+) ([SI]) ([\d.]+) mm/.exec(text) ?? [];
  const signed = (letter: string | undefined, positive: string, mm: string | undefined) =>
    letter === positive ? Number(mm) : -Number(mm);
  return [signed(parts[0], 'L', parts[1]), signed(parts[2], 'P', parts[3]), signed(parts[4], 'S', parts[5])];
}

export async function aimIn(session: Session, view: Exclude<ViewName, '3D'>): Promise<Aim> {
  const { page } = session;
  const box = await session.view(view).boundingBox();
  if (!box) throw new Error(`the ${view} view is not shown`);
  const readAt = async (x: number, y: number) => {
    // Away first: then what the status line tells is of the new place.
    await page.mouse.move(1, 1);
    await until('nothing under the pointer', async () => !/ mm /.test(await statusText(session)));
    await page.mouse.move(x, y);
    return placeUnderPointer(session);
  };
  const [a, b] = [
    { x: Math.round(box.x + 0.3 * box.width), y: Math.round(box.y + 0.25 * box.height) },
    { x: Math.round(box.x + 0.7 * box.width), y: Math.round(box.y + 0.75 * box.height) },
  ];
  const [placeA, placeB] = [await readAt(a.x, a.y), await readAt(b.x, b.y)];
  const [axisX, axisY] = AXES[view];
  const slopeX = (b.x - a.x) / (placeB[axisX] - placeA[axisX]);
  const slopeY = (b.y - a.y) / (placeB[axisY] - placeA[axisY]);
  return {
    at: (point) => ({
      x: a.x + slopeX * (point[axisX] - placeA[axisX]),
      y: a.y + slopeY * (point[axisY] - placeA[axisY]),
    }),
    pixelsPerMm: Math.abs(slopeX),
  };
}

/** Presses at the first point, goes over the others, lets go at the last. */
export async function drag({ page }: Session, points: readonly PagePoint[]): Promise<void> {
  const [first, ...others] = points;
  if (!first) return;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of others) await page.mouse.move(x, y, { steps: 6 });
  await page.mouse.up();
}
