/**
 * Where the figures of the measurements stand in a view: beside their measurement, inside of the view, off its scale bar and
 * corner texts, and not over one another. CSS pixels. Used by MeasurementShapes.tsx.
 */
import type { ViewSize } from '../slice/sliceTransform.ts';

export type ScreenPoint = readonly [x: number, y: number];

export interface LabelledShape {
  /** What the label must not lie on, as far as possible. */
  readonly points: readonly ScreenPoint[];
  readonly width: number;
  readonly height: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The letters, the corner texts and the scale bar stand at the edges. */
const MARGIN = { left: 26, top: 24, right: 44, bottom: 24 };
const GAP_PX = 10;
const MOST_SHIFTS = 6;
/** What a pixel of distance costs beside a pixel of area that is covered. */
const FARNESS = 12;

/**
 * @param shapes the ones before have the right of way
 * @returns the top left corner of each label; null for a shape that lies outside of the view altogether
 */
export function labelPlaces(shapes: readonly LabelledShape[], view: ViewSize): Array<ScreenPoint | null> {
  const taken: Box[] = [];
  const bounds = shapes.map(({ points }) => boundsOf(points));
  return shapes.map((shape, n) => {
    const box = bounds[n] ?? boundsOf(shape.points);
    const others = bounds.filter((each) => each !== box);
    if (box.right < 0 || box.bottom < 0 || box.left > view.width || box.top > view.height) return null;
    const places = candidates(box, shape).map(([left, top]) => inside(left, top, shape, view));
    const best = places.reduce((a, b) => (cost(b, box, taken, others) < cost(a, box, taken, others) ? b : a));
    taken.push(best);
    return [best.left, best.top];
  });
}

function boundsOf(points: readonly ScreenPoint[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** In order of preference: right, left, below, above, then further and further down and up. */
function candidates({ left, top, right, bottom }: Box, { width, height }: LabelledShape): ScreenPoint[] {
  const middleX = (left + right - width) / 2;
  const middleY = (top + bottom - height) / 2;
  const [toRight, toLeft] = [right + GAP_PX, left - GAP_PX - width];
  const places: ScreenPoint[] = [
    [toRight, middleY],
    [toLeft, middleY],
    [middleX, bottom + GAP_PX],
    [middleX, top - GAP_PX - height],
  ];
  for (let n = 1; n <= MOST_SHIFTS; n++) {
    for (const shift of [n, -n]) {
      places.push([toRight, middleY + shift * (height + 2)], [toLeft, middleY + shift * (height + 2)]);
    }
  }
  return places;
}

function inside(left: number, top: number, { width, height }: LabelledShape, view: ViewSize): Box {
  const x = Math.max(MARGIN.left, Math.min(view.width - MARGIN.right - width, left));
  const y = Math.max(MARGIN.top, Math.min(view.height - MARGIN.bottom - height, top));
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/**
 * Another label is worst, then the measurement itself; over another measurement it can still be read. Far from its own it
 * would be taken for another one's.
 */
function cost(box: Box, own: Box, taken: readonly Box[], others: readonly Box[]): number {
  const over = (boxes: readonly Box[]): number => boxes.reduce((sum, other) => sum + overlap(box, other), 0);
  return 4 * over(taken) + overlap(box, grown(own)) + 0.25 * over(others.map(grown)) + FARNESS * apart(box, own);
}

/** Lines have a width, and handles stand out. */
function grown({ left, top, right, bottom }: Box): Box {
  return { left: left - 5, top: top - 5, right: right + 5, bottom: bottom + 5 };
}

/** @returns how much further away than a label has to be */
function apart(a: Box, b: Box): number {
  const across = Math.max(0, a.left - b.right, b.left - a.right);
  const down = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  return Math.max(0, Math.hypot(across, down) - GAP_PX);
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
