/** Who the patient is, as the top bar and the views name them. */
import type { SeriesDetail } from '#contract/schemas.ts';
import { words } from '../../words/index.ts';

export interface PatientInWords {
  readonly name: string;
  readonly id: string;
  /** Sex and age: "F 54 y"; empty when neither is known. */
  readonly person: string;
}

type Study = Pick<SeriesDetail['study'], 'patientName' | 'patientId' | 'patientSex' | 'patientBirthDate' | 'studyDate'>;

export function patientInWords(study: Study): PatientInWords {
  const { patient } = words.viewer;
  const age = ageAt(study.patientBirthDate, study.studyDate);
  return {
    name: nameInWords(study.patientName) || patient.unnamed,
    id: study.patientId ? patient.id(study.patientId) : patient.noId,
    person: [study.patientSex, age === null ? '' : patient.age(age)].filter(Boolean).join(' '),
  };
}

/**
 * "Demonstration^Torso" → "Demonstration, Torso"; a name that is no DICOM person name stays as it is.
 * @see DICOM PS3.5 6.2 (PN)
 */
export function nameInWords(personName: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = (personName.split('=')[0] ?? '')
    .split('^')
    .map((part) => part.trim());
  const rest = [prefix, given, middle, suffix].filter(Boolean).join(' ');
  return [family, rest].filter(Boolean).join(', ');
}

/** @param birth YYYY-MM-DD @param at YYYY-MM-DD @returns whole years; null when a date is missing or makes no sense */
export function ageAt(birth: string, at: string): number | null {
  const [b, t] = [birth, at].map((date) => /^(\d{4})-(\d\d)-(\d\d)$/.exec(date)?.slice(1).map(Number));
  if (!b || !t) return null;
  const [by = 0, bm = 0, bd = 0] = b;
  const [ty = 0, tm = 0, td = 0] = t;
  const years = ty - by - (tm < bm || (tm === bm && td < bd) ? 1 : 0);
  return years >= 0 && years < 130 ? years : null;
}
