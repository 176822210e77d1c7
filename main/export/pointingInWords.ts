/** What a person pointed at, as an answer's trace recorded it: for the report and for DICOM. */
import { z } from 'zod';
import { plane, prompt } from '#contract/schemas/prompt.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';

const promptStep = prompt.pick({ points: true, boxLps: true }).extend({ step: z.literal('prompt') });
const slicesStep = z.object({ step: z.literal('slices'), plane, first: z.int(), last: z.int() });
type Point = z.infer<typeof promptStep>['points'][number]['pointLps'];

/** @returns a sentence with the points in LPS mm; null where the model was not asked by pointing */
export function pointingInWords({ trace }: Pick<Provenance, 'trace'>): string | null {
  const asked = found(promptStep, trace);
  if (!asked) return null;
  const slices = found(slicesStep, trace);
  const where = (isInside: boolean): string =>
    asked.points
      .filter(({ inside }) => inside === isInside)
      .map(({ pointLps }) => written(pointLps))
      .join(', ');
  const parts = [
    where(true) && `inside at ${where(true)}`,
    where(false) && `outside at ${where(false)}`,
    asked.boxLps && `in a box from ${written(asked.boxLps[0])} to ${written(asked.boxLps[1])}`,
  ].filter(Boolean);
  const plainly = `A person pointed${slices ? ` (${slices.plane})` : ''}: ${parts.join('; ')}, LPS mm.`;
  if (!slices || slices.first === slices.last) return plainly;
  return `${plainly} The outline was followed through ${slices.last - slices.first + 1} slices.`;
}

/** Whether a person had to show where the structure is: the answer is no automatic one. */
export function isPointedAt({ trace }: Pick<Provenance, 'trace'>): boolean {
  return found(promptStep, trace) !== null;
}

function found<T>(step: z.ZodType<T>, trace: readonly unknown[]): T | null {
  for (const each of trace) {
    const parsed = step.safeParse(each);
    if (parsed.success) return parsed.data;
  }
  return null;
}

function written(point: Point): string {
  return `(${point.map((mm) => mm.toFixed(1)).join(', ')})`;
}
