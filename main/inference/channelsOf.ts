/**
 * The series of a network's further channels out of the vault, once it is known that they are in one frame of reference: else millimetres
 * of one mean nothing in the other.
 */
import type { Warning } from '#contract/schemas/messages.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { isSameGrid } from '#core/inference/bringOntoGrid.ts';
import type { Volume } from '#core/volume/volume.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import type { OpenVault } from '../vault/openVault.ts';
import type { InferenceRequest } from './inferenceRequest.ts';

interface Place {
  readonly source: string;
  readonly frame_of_reference_uid: string;
  readonly patient_ref: string;
}

/**
 * @param first the volume of the series that is segmented
 * @throws series/unknown, model/other-patient, model/frame-differs
 */
export async function channelsOf(
  vault: OpenVault,
  seriesId: string,
  first: Volume,
  stated: readonly { readonly name: string; readonly seriesId: string }[],
): Promise<{ channels: NonNullable<InferenceRequest['channels']>; warnings: Warning[] }> {
  const own = placeOf(vault, seriesId);
  const warnings: Warning[] = [];
  const channels = [];
  for (const { name, seriesId: id } of stated) {
    const volume = id === seriesId ? first : await loadVolume(vault, id);
    const place = placeOf(vault, id);
    const areFromScanner = own?.source === 'dicom' && place?.source === 'dicom';
    // A volume file names no patient.
    if (areFromScanner && own.patient_ref !== place.patient_ref) throw otherPatient(name);
    const frames = areFromScanner ? [own.frame_of_reference_uid, place.frame_of_reference_uid] : [];
    const areStated = frames.length > 0 && frames.every((uid) => uid !== '');
    if (areStated && frames[0] !== frames[1]) throw frameDiffers(name);
    if (!areStated && !isSameGrid(first.geometry, volume.geometry)) warnings.push(frameUnknown(name));
    channels.push({ name, volume, modality: modalityOf(vault, id) });
  }
  return { channels, warnings };
}

function placeOf(vault: OpenVault, seriesId: string): Place | undefined {
  return vault.db
    .prepare<[string], Place>(
      'SELECT s.source, s.frame_of_reference_uid, t.patient_ref FROM series s JOIN study t ON t.id = s.study_ref WHERE s.id = ?',
    )
    .get(seriesId);
}

function modalityOf(vault: OpenVault, seriesId: string): string {
  return (
    vault.db.prepare<[string], { modality: string }>('SELECT modality FROM series WHERE id = ?').get(seriesId)
      ?.modality ?? ''
  );
}

function otherPatient(name: string): LanternError {
  return new LanternError(
    'model/other-patient',
    `The series for “${name}” is of another patient, as far as the files say.`,
    'Choose series of one patient. If it is one and the same, correct the name or number in the files and import them again.',
  );
}

function frameDiffers(name: string): LanternError {
  return new LanternError(
    'model/frame-differs',
    `The series for “${name}” was taken in another frame of reference: where it lies on the first one is not known.`,
    'Choose series of one examination, between which the patient was not moved.',
  );
}

function frameUnknown(name: string): Warning {
  return {
    code: 'model/frame-unknown',
    message: `The file for “${name}” does not say whether the patient lay as in the first series; compare the two images before you trust the mask.`,
  };
}
