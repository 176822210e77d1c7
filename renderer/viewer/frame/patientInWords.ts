/** Who the patient is, as the top bar and the views name them. */
import type { SeriesDetail } from '#contract/schemas.ts';
import { words } from '../../words/index.ts';
import { ageInYears, personName } from '../../worklist/personName.ts';

export interface PatientInWords {
  readonly name: string;
  readonly id: string;
  /** Sex and age: "F 54 y"; empty when neither is known. */
  readonly person: string;
}

type Study = Pick<SeriesDetail['study'], 'patientName' | 'patientId' | 'patientSex' | 'patientBirthDate' | 'studyDate'>;

export function patientInWords(study: Study): PatientInWords {
  const { patient } = words.viewer;
  const age = ageInYears(study.patientBirthDate, study.studyDate);
  return {
    name: personName(study.patientName) || patient.unnamed,
    id: study.patientId ? patient.id(study.patientId) : patient.noId,
    person: [study.patientSex, age === null ? '' : patient.age(age)].filter(Boolean).join(' '),
  };
}
