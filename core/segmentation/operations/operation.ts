/**
 * What an operation is: a name, parameters with defaults, and a pure function from the present mask of a segment to the mask
 * that it should have. `runOperation` makes a delta of it. Menu, worker, undo label, command line and tests run over the list.
 * Next: index.ts (the list), ../deltaToMask.ts (the door to the voxels).
 */
import { LanternError } from '../../errors/lanternError.ts';
import type { VolumeGeometry } from '../../geometry/volumeGeometry.ts';
import type { Scalars } from '../../volume/volume.ts';
import { type BinaryMask, boxOfLabel, emptyMask, maskOf } from '../binaryMask.ts';
import type { LabelDelta } from '../delta.ts';
import { grownBox, wholeBox } from '../deltaBox.ts';
import { deltaToMask } from '../deltaToMask.ts';
import type { Labelmap } from '../labelmap.ts';
import { RunRecorder } from '../runRecorder.ts';
import type { WriteMask } from '../writeMask.ts';

export interface NumberParameter {
  readonly kind: 'number';
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
}

export interface ChoiceParameter {
  readonly kind: 'choice';
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly default: string;
}

export type Parameter = NumberParameter | ChoiceParameter;
export type ParameterSpecs = Readonly<Record<string, Parameter>>;
export type ParameterValues = Readonly<Record<string, number | string>>;
type ValuesOf<S extends ParameterSpecs> = {
  readonly [K in keyof S]: S[K] extends NumberParameter ? number : string;
};

export interface OperationInput {
  /** The layer of the target; never written. */
  readonly labelmap: Labelmap;
  readonly target: number;
  readonly geometry: VolumeGeometry;
  /** The image on the same grid, modality units. */
  readonly scalars: Scalars | null;
  /** Another segment, for operations that combine two. */
  readonly other: { readonly labelmap: Labelmap; readonly number: number } | null;
  readonly mask: WriteMask;
}

/** What `wanted` gets: the input, and ways to cut out no more than is needed. */
export interface OperationContext extends OperationInput {
  /** The target's mask in its box, grown by so many millimetres; null when the segment is empty. */
  targetMask(marginMm: number): BinaryMask | null;
}

export interface OperationSpec<S extends ParameterSpecs> {
  readonly id: string;
  readonly label: string;
  /** One sentence for the tooltip. */
  readonly description: string;
  readonly needsImage: boolean;
  readonly needsOther: boolean;
  readonly parameters: S;
  readonly wanted: (context: OperationContext, values: ValuesOf<S>) => BinaryMask | null;
}

export interface Operation {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly needsImage: boolean;
  readonly needsOther: boolean;
  readonly parameters: ParameterSpecs;
  readonly wanted: (context: OperationContext, values: ParameterValues) => BinaryMask | null;
}

export function defineOperation<const S extends ParameterSpecs>(spec: OperationSpec<S>): Operation {
  // checkedValues gives every parameter of the specification a value of its kind, which is what ValuesOf says.
  return {
    ...spec,
    wanted: (context, values) => spec.wanted(context, checkedValues(spec.parameters, values) as ValuesOf<S>),
  };
}

/**
 * @returns the delta that the operation makes of the target; the input is not changed
 * @throws argument/invalid-parameter, segmentation/needs-image, segmentation/needs-other
 */
export function runOperation(operation: Operation, input: OperationInput, values: ParameterValues = {}): LabelDelta {
  if (operation.needsImage && !input.scalars) {
    throw new LanternError(
      'segmentation/needs-image',
      `“${operation.label}” needs the image.`,
      'Wait until the image is loaded, then try again.',
    );
  }
  if (operation.needsOther && !input.other) {
    throw new LanternError(
      'segmentation/needs-other',
      `“${operation.label}” needs a second segment.`,
      'Choose the second segment first.',
    );
  }
  const wanted = operation.wanted({ ...input, targetMask: (marginMm) => targetMask(input, marginMm) }, values);
  if (!wanted) return new RunRecorder().finish(input.labelmap.size);
  return deltaToMask(input.labelmap, input.target, wanted, input.mask);
}

/** @returns the voxels that a length in millimetres spans along each axis, rounded up */
export function marginVoxels(geometry: VolumeGeometry, mm: number): readonly [number, number, number] {
  const along = (axis: 0 | 1 | 2) => Math.ceil(mm / geometry.spacingMm[axis]);
  return [along(0), along(1), along(2)];
}

function targetMask(input: OperationInput, marginMm: number): BinaryMask | null {
  const box = boxOfLabel(input.labelmap, input.target);
  if (!box) return null;
  return maskOf(
    input.labelmap,
    input.target,
    grownBox(box, marginVoxels(input.geometry, marginMm), input.labelmap.size),
  );
}

function checkedValues(parameters: ParameterSpecs, values: ParameterValues): ParameterValues {
  const unknown = Object.keys(values).find((id) => !(id in parameters));
  if (unknown !== undefined) throw invalidParameter(unknown);
  return Object.fromEntries(
    Object.entries(parameters).map(([id, parameter]) => [id, checkedValue(parameter, values[id] ?? parameter.default)]),
  );
}

function checkedValue(parameter: Parameter, value: number | string): number | string {
  const valid =
    parameter.kind === 'number'
      ? typeof value === 'number' && value >= parameter.min && value <= parameter.max
      : parameter.choices.some((c) => c.value === value);
  if (!valid) throw invalidParameter(parameter.label);
  return value;
}

function invalidParameter(name: string): LanternError {
  return new LanternError(
    'argument/invalid-parameter',
    `The value of “${name}” is not possible.`,
    'Choose a value within the range that is shown.',
  );
}

/** @returns an empty mask of the whole grid */
export function wholeMask(input: OperationInput): BinaryMask {
  return emptyMask(wholeBox(input.labelmap.size));
}
