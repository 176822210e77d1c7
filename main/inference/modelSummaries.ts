/** A pack as it is listed: what can be run, and what can't with the reason. */
import type { ErrorData } from '#contract/schemas/messages.ts';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { seriesNames } from '#core/inference/inputTensor.ts';
import { modelUse } from '#core/inference/modelUse.ts';
import type { BrokenPack, ModelPack } from './modelPack.ts';

export function packSummary(
  { manifest, card, sha256 }: ModelPack,
  problem: ErrorData | null,
  isImported: boolean,
): ModelSummary {
  const { id, name, version, modality, intendedUse, licence, demonstrationOnly, training, metrics } = manifest;
  return {
    id,
    kind: 'network',
    name,
    version,
    sha256,
    modality,
    intendedUse,
    licence,
    demonstrationOnly,
    use: modelUse(manifest),
    isImported,
    training,
    metrics: [...metrics],
    classes: manifest.classes.flatMap(({ value, name: className, color, codes }) =>
      value > 0 && color && codes ? [{ value, name: className, color, codes }] : [],
    ),
    channels: seriesNames(manifest.input),
    attention: (manifest.output.attention ?? []).map(({ name }) => name),
    problem,
    card,
  };
}

export function brokenSummary({ id, name, error }: BrokenPack, isImported: boolean): ModelSummary {
  return {
    id,
    kind: 'network',
    name,
    version: '',
    sha256: '',
    modality: '',
    intendedUse: '',
    licence: '',
    demonstrationOnly: false,
    use: 'stated',
    isImported,
    training: { population: '', cases: null, source: '' },
    metrics: [],
    classes: [],
    channels: [],
    attention: [],
    problem: error.toJSON(),
    card: '',
  };
}
