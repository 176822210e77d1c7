/** A pack as it is listed: what can be run, and what can't with the reason. */
import type { ErrorData, ModelSummary } from '#contract/schemas.ts';
import type { BrokenPack, ModelPack } from './modelPack.ts';

export function packSummary({ manifest, card, sha256 }: ModelPack, problem: ErrorData | null): ModelSummary {
  const { id, name, version, modality, intendedUse, licence, demonstrationOnly } = manifest;
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
    classes: manifest.classes.flatMap(({ value, name: className, color, codes }) =>
      value > 0 && color && codes ? [{ value, name: className, color, codes }] : [],
    ),
    problem,
    card,
  };
}

export function brokenSummary({ id, name, error }: BrokenPack): ModelSummary {
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
    classes: [],
    problem: error.toJSON(),
    card: '',
  };
}
