/** Sex and age of a patient in a few letters. */
import type { StudySummary } from '#contract/schemas/study.ts';
import { words } from '../words/index.ts';
import { ageInYears } from './personName.ts';

/** @returns "F 54 y"; the code O (DICOM PS3.3 C.7.1.1) in words; empty when neither is known */
export function sexAndAge(study: Pick<StudySummary, 'patientSex' | 'patientBirthDate' | 'studyDate'>): string {
  const { otherSex, years } = words.worklist.details.facts;
  const age = ageInYears(study.patientBirthDate, study.studyDate);
  const sex = study.patientSex === 'O' ? otherSex : study.patientSex;
  return [sex, age === null ? '' : years(age)].filter(Boolean).join(' ');
}
