/** What can be seen without running anything: whether a network and a manifest say the same of what goes in and out. */
import { LanternError } from '../errors/lanternError.ts';
import { tensorChannels } from '../inference/inputTensor.ts';
import type { ModelManifest } from '../inference/modelManifest.ts';
import { DATA_TYPES, FLOAT, type ModelProto } from './onnxTypes.ts';
import { type ModelValue, modelInputs, modelOutputs } from './valueShape.ts';

type Dims = readonly (number | null)[];

/** @returns where they differ, as model/shape-mismatch; empty where nothing speaks against a run */
export function networkFit(model: ModelProto, manifest: ModelManifest): LanternError[] {
  const inputs = modelInputs(model);
  const outputs = modelOutputs(model);
  const [input] = inputs;
  if (!input || outputs.length === 0) return [];
  const found = [
    inputs.length > 1 ? `it has ${inputs.length} inputs` : null,
    inputMismatch(input, manifest),
    ...(manifest.output.kind === 'instances'
      ? instanceMismatches(outputs, manifest)
      : scoreMismatch(outputs, manifest)),
    ...attentionMismatches(outputs, manifest),
  ];
  return found.flatMap((what) => (what ? [disagrees(manifest.name, what)] : []));
}

function inputMismatch(input: ModelValue, manifest: ModelManifest): string | null {
  const wanted = [1, tensorChannels(manifest.input), ...windowDims(manifest)];
  const { dimensions } = manifest.input;
  // torchvision's detectors take the image without the batch's dimension.
  const unbatched = manifest.output.kind === 'instances' && input.dims?.length === wanted.length - 1;
  return mismatch('input', input, unbatched ? wanted.slice(1) : wanted, dimensions === 2 ? 'two' : 'three');
}

function scoreMismatch([output]: readonly ModelValue[], manifest: ModelManifest): (string | null)[] {
  const wanted = [1, manifest.classes.length, ...windowDims(manifest)];
  return output ? [mismatch('output', output, wanted, manifest.input.dimensions === 2 ? 'two' : 'three')] : [];
}

function instanceMismatches(outputs: readonly ModelValue[], { output }: ModelManifest): (string | null)[] {
  const ranks: Readonly<Record<string, readonly number[]>> = { boxes: [2], scores: [1], labels: [1], masks: [3, 4] };
  return Object.entries(output.instances?.tensors ?? {}).map(([what, name]) => {
    const value = outputs.find((one) => one.name === name);
    if (!value) return `it has no output “${name}” for the ${what}`;
    const { dims } = value;
    if (!dims || ranks[what]?.includes(dims.length)) return null;
    return `its output “${name}” has ${dims.length} dimensions, which ${what} do not have`;
  });
}

function attentionMismatches([scores, ...others]: readonly ModelValue[], manifest: ModelManifest): (string | null)[] {
  const rank = manifest.input.dimensions === 2 ? 4 : 5;
  return (manifest.output.attention ?? []).map(({ output }) => {
    if (output === scores?.name) return `its output “${output}” holds the scores and is no attention map`;
    const value = others.find(({ name }) => name === output);
    if (!value) return `it has no output “${output}” for an attention map`;
    if (value.elementType !== FLOAT) return `its output “${output}” is no map of floats`;
    const { dims } = value;
    const isMap = !dims || (dims.length === rank && (dims[1] === null || dims[1] === 1n));
    return isMap ? null : `its output “${output}” is no map of one channel`;
  });
}

/** Slowest first; null where any size will do. */
function windowDims({ input, window }: ModelManifest): Dims {
  const [i = null, j = null, k = null] = window.size ?? input.grid ?? [];
  return input.dimensions === 2 ? [j, i] : [k, j, i];
}

function mismatch(end: string, value: ModelValue, wanted: Dims, dimensions: string): string | null {
  if (value.elementType !== FLOAT) {
    return `its ${end} holds ${DATA_TYPES[value.elementType]?.name ?? 'something else'} instead of float`;
  }
  const { dims } = value;
  if (!dims) return null;
  const shown = (list: readonly (number | bigint | null)[]): string => list.map((d) => d ?? 'any').join(' × ');
  if (dims.length !== wanted.length) {
    return `its ${end} is ${shown(dims)} and a network of ${dimensions} dimensions has ${wanted.length} numbers there`;
  }
  const fits = dims.every((d, axis) => d === null || !wanted[axis] || d === BigInt(wanted[axis]));
  return fits ? null : `its ${end} is ${shown(dims)} and the manifest says ${shown(wanted)}`;
}

function disagrees(name: string, what: string): LanternError {
  return new LanternError(
    'model/shape-mismatch',
    `The network of “${name}” is not the one that its manifest describes: ${what}.`,
    'Get the model pack again from its maker.',
  );
}
