/**
 * The part of the input gate that looks at the voxels: modality by its values, intensities, how a head lies. Runs in the inference
 * process; costs well below a second. What may refuse a run comes before its network, how a head lies (some tenths of a second) after the
 * coarse look. The header's part: inputGate.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Volume } from '../volume/volume.ts';
import { type HeadPose, headPose } from './headPose.ts';
import { hounsfieldLikeness } from './hounsfieldLikeness.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import { isUnknownModality, spokenModality } from './inputGate.ts';
import { intensityGate } from './intensityGate.ts';
import type { ModelManifest } from './modelManifest.ts';

/**
 * @param modality as DICOM (0008,0060); empty or "OT" where the file does not say
 * @returns what a reader of the result must know
 * @throws model/wrong-modality where the values are a CT's, the model's are not, and the file says nothing else
 * @throws model/non-finite-input, model/uniform-input
 */
export function voxelGate(manifest: ModelManifest, volume: Volume, modality: string): InferenceWarning[] {
  return [...gateValues(manifest, volume, modality), ...gatePose(manifest, volume)];
}

/** Modality and intensities: the part that may refuse. Parameters and errors as voxelGate's. */
export function gateValues(manifest: ModelManifest, volume: Volume, modality: string): InferenceWarning[] {
  return [...gateHounsfield(manifest, volume, modality), ...intensityGate(manifest, volume)];
}

function gateHounsfield(manifest: ModelManifest, { scalars }: Volume, modality: string): InferenceWarning[] {
  if (manifest.modality === 'any') return [];
  const likeness = hounsfieldLikeness(scalars);
  const { name } = manifest;
  if (manifest.modality === 'CT') {
    if (likeness !== 'not-hounsfield') return [];
    const message = `The values of this series do not look like Hounsfield units (none is below 0), which “${name}” reads; the result is likely to be wrong.`;
    return [{ code: 'model/not-hounsfield', message }];
  }
  if (likeness !== 'hounsfield') return [];
  const wanted = spokenModality(manifest.modality);
  if (!isUnknownModality(modality)) {
    const message = `The values of this series look like those of a CT (air near −1000, tissue near 0); “${name}” was trained on ${wanted}.`;
    return [{ code: 'model/looks-like-ct', message }];
  }
  throw new LanternError(
    'model/wrong-modality',
    `“${name}” was trained on ${wanted}; the file does not say what this series is, but its values are those of a CT (air near −1000, tissue near 0).`,
    `Choose a ${wanted} series, or a model for CT.`,
  );
}

const CHECK = 'Look at it in the three views before you trust any result, and import it again from its source.';
const POSE_WARNINGS: Readonly<Partial<Record<HeadPose, { code: `model/${string}`; what: string }>>> = {
  'upside-down': {
    code: 'model/head-upside-down',
    what: `The head in this series seems to lie upside down: its neck is where the header says that the top is. ${CHECK}`,
  },
  'axes-exchanged': {
    code: 'model/head-axes-exchanged',
    what: `The head in this series seems to lie along other axes than the header says: it was stored transposed or turned. ${CHECK}`,
  },
  'back-to-front': {
    code: 'model/head-back-to-front',
    what: `The head in this series seems to lie back to front: its face is where the header says that the back of the head is, and left and right may be exchanged too. ${CHECK}`,
  },
  'not-a-head': {
    code: 'model/not-a-head',
    what: 'What this series shows is far larger than a head.',
  },
};

/** How a head lies, for models that read heads. */
export function gatePose(manifest: ModelManifest, volume: Volume): InferenceWarning[] {
  if (manifest.training.anatomy !== 'head') return [];
  const warning = POSE_WARNINGS[headPose(volume)];
  if (!warning) return [];
  const message = `${warning.what} “${manifest.name}” reads heads, and only as they lie in the patient.`;
  return [{ code: warning.code, message }];
}
