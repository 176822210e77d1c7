/** Who the patient is, as the top bar and the views name them. */
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { words } from '../../words/index.ts';
import { personName } from '../../worklist/personName.ts';
import { sexAndAge } from '../../worklist/sexAndAge.ts';

export interface PatientInWords {
  readonly name: string;
  readonly id: string;
  /** Sex and age: "F 54 y"; empty when neither is known. */
  readonly person: string;
}

type Study = Pick<SeriesDetail['study'], 'patientName' | 'patientId' | 'patientSex' | 'patientBirthDate' | 'studyDate'>;

export function patientInWords(study: Study): PatientInWords {
  const { patient } = words.viewer;
  return {
    name: personName(study.patientName) || patient.unnamed,
    id: study.patientId ? patient.id(study.patientId) : patient.noId,
    person: sexAndAge(study),
  };
}
