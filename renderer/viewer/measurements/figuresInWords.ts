/** A measurement's figures as short lines with their units. */
import type { Measurement } from '#contract/schemas/measurement.ts';
import { words } from '../../words/index.ts';

/**
 * @param unit the image's: "HU", or ""
 * @param isUncertain what is measured crosses slices at other distances than the grid's
 * @returns the most important line first; none while it is being drawn
 */
export function figuresInWords({ values }: Pick<Measurement, 'values'>, unit: string, isUncertain = false): string[] {
  const { measurements: w } = words.viewer;
  const of = (name: string): number | undefined => values[name];
  const [length, angle, value, mean, sd, min, max, area] = [
    of('lengthMm'),
    of('angleDegrees'),
    of('value'),
    of('mean'),
    of('standardDeviation'),
    of('minimum'),
    of('maximum'),
    of('areaMm2'),
  ];
  const lines: string[] = [];
  if (length !== undefined) lines.push(w.millimetres(length.toFixed(1)));
  if (angle !== undefined) lines.push(w.degrees(angle.toFixed(1)));
  if (value !== undefined) lines.push(words.viewer.status.value(signed(value), unit));
  if (mean !== undefined && sd !== undefined) lines.push(w.mean(signed(mean), sd.toFixed(1), unit));
  if (min !== undefined && max !== undefined) lines.push(w.range(signed(min), signed(max), unit));
  if (area !== undefined) lines.push(area >= 1000 ? w.areaCm2((area / 100).toFixed(2)) : w.area(area.toFixed(1)));
  const hasExtent = length !== undefined || angle !== undefined || area !== undefined;
  if (isUncertain && hasExtent) lines.push(w.uncertain);
  return lines;
}

/** One decimal unless whole; a real minus sign. */
function signed(value: number): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(1);
  return text.replace('-', '−');
}
