/**
 * Looks at a series before a network does: what cannot be right is refused with a reason, what may be wrong is said with the result.
 * This file knows the header alone; voxelGate.ts looks at the voxels, in the inference process.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientRecord } from './orient.ts';
import { regionExtentMm } from './regionAround.ts';

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
/** Outside of these shares of the training images' extents a series is another kind of image. */
const LEAST_OF_TRAINED = 0.5;
const MOST_OF_TRAINED = 1.5;
/** Voxels this much longer than those of the training hide what the network looks for. */
const MOST_SPACING = 3;

const SPOKEN: Readonly<Record<string, string>> = { CT: 'CT', MR: 'MR', PT: 'PET' };

/** @returns the modality's name in a sentence */
export function spokenModality(modality: string): string {
  return SPOKEN[modality] ?? modality;
}

/** @param modality as DICOM (0008,0060) @returns whether it says nothing of the image */
export function isUnknownModality(modality: string): boolean {
  return modality === '' || modality === 'OT';
}

/**
 * @returns what a reader of the result must know
 * @throws model/wrong-modality, model/volume-too-small
 */
export function inputGate(manifest: ModelManifest, subject: GateSubject): InferenceWarning[] {
  return [
    ...gateModality(manifest, subject.modality),
    ...gateSize(manifest, subject.geometry),
    ...gateSpacing(manifest, subject.geometry),
    ...gateDemonstration(manifest, subject.isDemonstration),
  ];
}

function gateModality(manifest: ModelManifest, modality: string): InferenceWarning[] {
  if (manifest.modality === 'any' || modality === manifest.modality) return [];
  const wanted = spokenModality(manifest.modality);
  if (isUnknownModality(modality)) {
    const message = `The file does not say which kind of image it is; “${manifest.name}” is right for ${wanted} only.`;
    return [{ code: 'model/modality-unknown', message }];
  }
  throw new LanternError(
    'model/wrong-modality',
    `“${manifest.name}” was trained on ${wanted}; this series is ${spokenModality(modality)}.`,
    `Choose a ${wanted} series, or a model for this kind of image.`,
  );
}

function gateSize(manifest: ModelManifest, geometry: VolumeGeometry): InferenceWarning[] {
  const { size } = geometry;
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
  const extentMm = sortedExtentMm(geometry);
  const { name, training } = manifest;
  const isOfCrops = regionExtentMm(manifest, geometry) !== null;
  return training.fieldOfViewMm
    ? gateFieldOfView({ name, isOfCrops }, extentMm, training.fieldOfViewMm)
    : gateCoverage(manifest, extentMm);
}

/** Whether the series shows far more than the images that the network was trained on. */
export function isFarLarger(
  { training: { fieldOfViewMm } }: ModelManifest,
  { geometry }: Pick<GateSubject, 'geometry'>,
): boolean {
  return sortedExtentMm(geometry).some((mm, n) => mm > MOST_OF_TRAINED * (fieldOfViewMm?.most[n] ?? mm));
}

/** Sorted, because the axes of the two are not matched yet; a warning needs no more. */
function sortedExtentMm({ size, spacingMm }: VolumeGeometry): number[] {
  return size.map((n, axis) => n * (spacingMm[axis] ?? 1)).sort((a, b) => a - b);
}

function gateFieldOfView(
  { name, isOfCrops }: { readonly name: string; readonly isOfCrops: boolean },
  extentMm: readonly number[],
  { least, most }: NonNullable<ModelManifest['training']['fieldOfViewMm']>,
): InferenceWarning[] {
  const sizes = `The series covers ${inMm(extentMm)}; “${name}” was trained on images of ${inMm(least)} to ${inMm(most)}.`;
  if (extentMm.some((mm, n) => mm > MOST_OF_TRAINED * (most[n] ?? mm))) {
    const advice = isOfCrops ? 'Let it look only around the structure' : 'Use a series that was cropped around it';
    const message = `${sizes} It was never shown so much: it may mark what is no such structure. ${advice}, or check every part.`;
    return [{ code: 'model/large-coverage', message }];
  }
  if (extentMm.some((mm, n) => mm < LEAST_OF_TRAINED * (least[n] ?? mm))) {
    return [{ code: 'model/small-coverage', message: `${sizes} What it needs to see may be missing.` }];
  }
  return [];
}

/** For models that do not state what they were trained on: the window that they look through. */
function gateCoverage({ name, window, input }: ModelManifest, extentMm: readonly number[]): InferenceWarning[] {
  const reads = window.size ?? input.grid;
  const modelSpacing = input.spacingMm;
  if (!reads || !modelSpacing || input.dimensions === 2) return [];
  const windowMm = reads.map((n, axis) => n * (modelSpacing[axis] ?? 1)).sort((a, b) => a - b);
  const thinnest = Math.min(...extentMm.map((mm, n) => mm / (windowMm[n] ?? mm)));
  if (thinnest >= LEAST_EXTENT) return [];
  const message = `The series covers only ${Math.round(thinnest * 100)} % of what “${name}” looks at along one direction; the result may be poor.`;
  return [{ code: 'model/small-coverage', message }];
}

function gateSpacing({ name, input }: ModelManifest, geometry: VolumeGeometry): InferenceWarning[] {
  if (!input.spacingMm) return [];
  const { axes } = orientRecord(geometry, input.orientation);
  // A network of two dimensions may leave the distance of its slices open.
  const pairs = input.spacingMm.flatMap((modelMm, a) =>
    modelMm === null ? [] : [{ modelMm, seriesMm: geometry.spacingMm[axes[a as 0 | 1 | 2]] }],
  );
  const ratio = (pair: (typeof pairs)[number]): number => pair.seriesMm / pair.modelMm;
  const [worst] = pairs.sort((a, b) => ratio(b) - ratio(a));
  if (!worst || ratio(worst) <= MOST_SPACING) return [];
  const message =
    `The voxels of this series are ${inMm([worst.seriesMm])} apart along one direction; “${name}” was trained on ` +
    `${inMm([worst.modelMm])}. What lies between them is guessed, so edges and small structures will be wrong.`;
  return [{ code: 'model/coarse-spacing', message }];
}

function inMm(lengths: readonly number[]): string {
  return `${lengths.map((mm) => (mm < 10 ? Number(mm.toFixed(1)) : Math.round(mm))).join(' × ')} mm`;
}

function gateDemonstration(manifest: ModelManifest, isDemonstration: boolean): InferenceWarning[] {
  if (!manifest.demonstrationOnly || isDemonstration) return [];
  const message =
    'This demonstration model was trained on computer-made phantoms and never on a patient; what it draws here means nothing.';
  return [{ code: 'model/demonstration-only', message }];
}
