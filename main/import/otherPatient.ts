/** Whose a study is: files that bring the UID of a known study with another patient are never shown under the first one's name. */
import type { OpenVault } from '../vault/openVault.ts';
import type { DicomImage, PatientAttributes } from './readResult.ts';

type Patient = Pick<PatientAttributes, 'id' | 'name' | 'birthDate'>;

/** The patients of the studies that an import meets: as the vault knows them, else as the first file names them. */
export class StudyPatients {
  readonly #vault: OpenVault;
  readonly #met = new Map<string, Patient>();

  constructor(vault: OpenVault) {
    this.#vault = vault;
  }

  /** @returns whether the study belongs to somebody else already */
  isOtherPatient({ patient, study }: DicomImage): boolean {
    const known = this.#inVault(study.instanceUid) ?? this.#met.get(study.instanceUid);
    if (known) return isOther(known, patient);
    this.#met.set(study.instanceUid, patient);
    return false;
  }

  #inVault(studyUid: string): Patient | undefined {
    return this.#vault.db
      .prepare<[string], Patient>(
        `SELECT patient.patient_id AS id, patient.name, patient.birth_date AS birthDate FROM study JOIN patient ON patient.id = study.patient_ref
         WHERE study.study_instance_uid = ?`,
      )
      .get(studyUid);
  }
}

/**
 * The IDs decide. Names are corrected and spelt in several ways, so they count only where there are no IDs to compare; given names
 * (left out, abbreviated, in public data the name of a mask) only where there is no date of birth either.
 */
function isOther(a: Patient, b: Patient): boolean {
  if (a.id !== '' && b.id !== '') return a.id !== b.id;
  if (a.birthDate !== '' && b.birthDate !== '') {
    return a.birthDate !== b.birthDate || lettersOf(familyName(a.name)) !== lettersOf(familyName(b.name));
  }
  return lettersOf(a.name) !== lettersOf(b.name);
}

/** The first component of the first representation. @see DICOM PS3.5 6.2 (PN) */
function familyName(name: string): string {
  return name.split(/[=^]/, 1)[0] ?? '';
}

function lettersOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLocaleLowerCase('en')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
