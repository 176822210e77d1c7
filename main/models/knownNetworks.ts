/**
 * What the files of brainchop's networks do not say of themselves and their makers say elsewhere (brainchop-parameters.js, the model's
 * comment, the papers). Looked up by the SHA-256 of the weights, so that another network under the same name gets none of it.
 */
import type { ModelManifest, Normalisation } from '#core/inference/modelManifest.ts';

export interface KnownNetwork {
  readonly name: string;
  readonly modality: ModelManifest['modality'];
  readonly normalisation: Normalisation;
  readonly intendedUse: string;
  readonly population: string;
  /** What its training images showed; absent where nobody says. */
  readonly anatomy?: 'head';
}

const MIN_MAX: Normalisation = { kind: 'min-max' };
export const QUANTILES: Normalisation = { kind: 'percentile', lowerPercent: 5, upperPercent: 95 };

const ADULTS =
  'T1-weighted MR of healthy adults, conformed to 256 × 256 × 256 voxels of 1 mm, labelled by FreeSurfer (as its makers state).';

function t1(
  name: string,
  what: string,
  normalisation: Normalisation = MIN_MAX,
  population: string = ADULTS,
): KnownNetwork {
  const intendedUse = `Research only: ${what} in T1-weighted MR of a whole head, about 1 mm. Not for diagnosis.`;
  return { name, modality: 'MR', normalisation, intendedUse, population, anatomy: 'head' };
}

const KNOWN: Readonly<Record<string, KnownNetwork>> = {
  ca0d1b8ff72f8719d9525acaf9a1f1cb66dbb173b4ee1d7540f99e022cf4bfd8: t1('Brain tissue, small', 'white and grey matter'),
  '7f93edb82252cdc59e3faf3ae5a27622bc748d02db64df2cf429ad807891c261': t1(
    'Brain tissue, medium',
    'white and grey matter',
    MIN_MAX,
    '6,000 T1-weighted MR of the MRN collection and 770 of the Human Connectome Project, labelled by FreeSurfer (as its makers state).',
  ),
  aecc03e3db596bfffab0ea1143f0848dbf4da4e317e04ef202986c6888cd467f: t1(
    'Brain tissue, large',
    'white and grey matter',
    QUANTILES,
  ),
  '725096439f64ece1ca45ec3c5115c9fa6004f6538cac3032b85966d3772b605e': t1('Brain, 17 structures', '17 structures'),
  '7039651d91c4cee0b7b1ddfe93fe2f5cb9b71d99f5a126fdef407e2a36bb52d4': t1(
    'Brain, 17 structures, large',
    '17 structures',
  ),
  '3b8c57b9ae0102db487224cf80852a2cdd5e30f7e94e488c82502a7d434f7472': t1(
    'Brain, 49 structures, small',
    '49 structures of FreeSurfer’s atlas, both sides in one',
  ),
  a7e597568dc7750c64cce8c64c4ca3ec7215716949efd741f19904da1baffa81: t1(
    'Brain, 49 structures, large',
    '49 structures of FreeSurfer’s atlas, both sides in one',
    QUANTILES,
  ),
  '8a0aa1e2d94e5edc94c54aed900da978d2a1388bee4621cee05e473db64b84af': t1(
    'Brain, 103 structures',
    '103 structures of FreeSurfer’s atlas',
  ),
  c9a01490fe2d13acc1515fd019b69db176ebe6f40c9b84aeb77f25acbc2ee0f3: {
    name: 'Brain extraction (MindGrab)',
    modality: 'any',
    normalisation: QUANTILES,
    intendedUse: 'Research only: the brain as a whole in MR, CT or PET of a head, about 1 mm. Not for diagnosis.',
    population: 'Heads of several modalities (T1, T2, FLAIR, diffusion, angiography, CT, PET), as its makers state.',
    anatomy: 'head',
  },
};

export function knownNetwork(weightsSha256: string): KnownNetwork | null {
  return KNOWN[weightsSha256] ?? null;
}
