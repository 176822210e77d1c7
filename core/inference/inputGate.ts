/**
 * Looks at a series before a network does: what cannot be right is refused with a reason, what may be wrong is said with the result.
 * Voxel values are looked at in normalise.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientRecord } from './orient.ts';

export interface GateSubject {
  readonly geometry: VolumeGeometry;
  /** As DICOM (0008,0060); empty or "OT" where the file does not say. */
  readonly modality: string;
  /** The project's own phantom, made for demonstrations. */
  readonly isDemonstration: boolean;
}

/** A network of three dimensions needs a volume; fewer slices than this are none. */
const LEAST_VOXELS = 4;
/** Below this share of what the network reads, most of what it sees is padding. */
const LEAST_EXTENT = 0.25;

const SPOKEN: Readonly<Record<string, string>> = { CT: 'CT', MR: 'MR', PT: 'PET' };

/**
 * @returns what a reader of the result must know
 * @throws model/wrong-modality, model/volume-too-small
 */
export function inputGate(manifest: ModelManifest, subject: GateSubject): InferenceWarning[] {
  return [
    ...gateModality(manifest, subject.modality),
    ...gateSize(manifest, subject.geometry),
    ...gateDemonstration(manifest, subject.isDemonstration),
  ];
}

function gateModality(manifest: ModelManifest, modality: string): InferenceWarning[] {
  if (manifest.modality === 'any' || modality === manifest.modality) return [];
  const wanted = SPOKEN[manifest.modality] ?? manifest.modality;
  if (modality === '' || modality === 'OT') {
    const message = `The file does not say which kind of image it is; “${manifest.name}” is right for ${wanted} only.`;
    return [{ code: 'model/modality-unknown', message }];
  }
  throw new LanternError(
    'model/wrong-modality',
    `“${manifest.name}” was trained on ${wanted}; this series is ${SPOKEN[modality] ?? modality}.`,
    `Choose a ${wanted} series, or a model for this kind of image.`,
  );
}

function gateSize(manifest: ModelManifest, geometry: VolumeGeometry): InferenceWarning[] {
  const { size, spacingMm } = geometry;
  const { axes } = orientRecord(geometry, manifest.input.orientation);
  // Slices of two dimensions may be few, and one is enough.
  const isFlat = manifest.input.dimensions === 2;
  const read = isFlat ? [size[axes[0]], size[axes[1]]] : size;
  if (read.some((n) => n < LEAST_VOXELS)) {
    throw new LanternError(
      'model/volume-too-small',
      `A volume of ${size.join(' × ')} voxels is too thin for “${manifest.name}”, which looks in ${isFlat ? 'two' : 'three'} dimensions.`,
      'Choose a series with more slices.',
    );
  }
  const reads = manifest.window.size ?? manifest.input.grid;
  const modelSpacing = manifest.input.spacingMm;
  if (!reads || !modelSpacing || isFlat) return [];
  // Sorted, because the axes of the two are not matched yet; a warning needs no more.
  const extent = size.map((n, axis) => n * (spacingMm[axis] ?? 1)).sort((a, b) => a - b);
  const window = reads.map((n, axis) => n * (modelSpacing[axis] ?? 1)).sort((a, b) => a - b);
  const thinnest = Math.min(...extent.map((mm, n) => mm / (window[n] ?? mm)));
  if (thinnest >= LEAST_EXTENT) return [];
  const message = `The series covers only ${Math.round(thinnest * 100)} % of what “${manifest.name}” looks at along one direction; the result may be poor.`;
  return [{ code: 'model/small-coverage', message }];
}

function gateDemonstration(manifest: ModelManifest, isDemonstration: boolean): InferenceWarning[] {
  if (!manifest.demonstrationOnly || isDemonstration) return [];
  const message =
    'This demonstration model was trained on computer-made phantoms and never on a patient; what it draws here means nothing.';
  return [{ code: 'model/demonstration-only', message }];
}
